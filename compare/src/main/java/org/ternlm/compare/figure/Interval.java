package org.ternlm.compare.figure;

import java.util.Locale;

/// A number and the interval in which it lies with 95 % confidence.
///
/// @param value the estimate
/// @param low the lower end; NaN where nothing is known
/// @param high the upper end; NaN where nothing is known
public record Interval(double value, double low, double high) {
    /// Standard errors to each side that hold 95 % of a normal distribution.
    static final double NORMAL = 1.959963984540054;

    /// Of normal errors.
    static Interval normal(double value, double standardError) {
        return new Interval(value, value - NORMAL * standardError, value + NORMAL * standardError);
    }

    /// A number of which no error is known.
    static Interval unknown(double value) {
        return new Interval(value, Double.NaN, Double.NaN);
    }

    /// Whether the interval is known.
    public boolean isKnown() {
        return !Double.isNaN(low);
    }

    /// Whether 0 lies outside, so that the sign of the value is sure.
    public boolean excludesZero() {
        return low > 0 || high < 0;
    }

    /// The same in another unit.
    public Interval times(double factor) {
        return factor >= 0
                ? new Interval(value * factor, low * factor, high * factor)
                : new Interval(value * factor, high * factor, low * factor);
    }

    /// `1.234 [1.200, 1.268]` with so many digits behind the point.
    public String text(int digits) {
        String one = "%." + digits + "f";
        return isKnown()
                ? String.format(Locale.ROOT, one + " [" + one + ", " + one + "]", value, low, high)
                : String.format(Locale.ROOT, one, value);
    }

    /// The same with a sign.
    public String signedText(int digits) {
        String one = "%+." + digits + "f";
        return isKnown()
                ? String.format(Locale.ROOT, one + " [" + one + ", " + one + "]", value, low, high)
                : String.format(Locale.ROOT, one, value);
    }
}
