package org.ternlm.charts;

/// One axis of a chart; what it spans is what the curves span.
///
/// @param label what stands beside it, with the unit
/// @param isLogarithmic whether equal distances are equal factors; all values must be above 0 then. Where they span less
/// than a factor of 3, there would be hardly a tick, and the axis is linear after all
public record Axis(String label, boolean isLogarithmic) {
    /// @throws IllegalArgumentException if the label is empty or has control characters
    public Axis {
        Words.require("label of an axis", label);
    }

    /// Equal distances are equal differences.
    public static Axis linear(String label) {
        return new Axis(label, false);
    }

    /// Equal distances are equal factors.
    public static Axis logarithmic(String label) {
        return new Axis(label, true);
    }
}
