package org.ternlm.charts;

/// A dashed line across the chart at one value of an axis: where something happened, what to compare with.
///
/// @param name what the legend says
/// @param at the value
/// @param isVertical whether it stands at a value of x; otherwise it lies at a value of y
public record Mark(String name, double at, boolean isVertical) {
    /// @throws IllegalArgumentException if the name is empty or `at` no finite number
    public Mark {
        Words.require("name of a mark", name);
        if (!Double.isFinite(at)) {
            throw new IllegalArgumentException("mark \"%s\" is at %s, expected a number".formatted(name, at));
        }
    }

    /// Stands at a value of x.
    public static Mark atX(String name, double x) {
        return new Mark(name, x, true);
    }

    /// Lies at a value of y.
    public static Mark atY(String name, double y) {
        return new Mark(name, y, false);
    }
}
