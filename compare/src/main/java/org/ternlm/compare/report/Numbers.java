package org.ternlm.compare.report;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/// Numbers as people read them.
final class Numbers {
    /// Stands where nothing was measured.
    static final String NONE = "–";

    private Numbers() {}

    /// So many digits behind the point.
    static String fixed(double value, int digits) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%,." + digits + "f", value) : NONE;
    }

    /// Three digits that count.
    static String three(double value) {
        if (!Double.isFinite(value)) {
            return NONE;
        }
        double magnitude = Math.abs(value);
        if (magnitude == 0) {
            return "0";
        }
        if (magnitude < 0.0001) {
            return String.format(Locale.ROOT, "%.2e", value);
        }
        // What rounds up to the next power of ten has a digit fewer behind the point.
        int power = (int) Math.floor(Math.log10(magnitude * 1.0005));
        return fixed(value, Math.clamp(2 - power, 0, 6));
    }

    /// `12.3 MB`, in powers of 1000.
    static String bytes(double value) {
        return scaled(value, " kMGT") + "B";
    }

    /// `1.3M`, `70B`.
    static String count(double value) {
        return scaled(value, " kMBT").replace(" ", "");
    }

    private static String scaled(double value, String prefixes) {
        double scaled = value;
        int prefix = 0;
        while (Math.abs(scaled) >= 999.5 && prefix < prefixes.length() - 1) {
            scaled /= 1000;
            prefix++;
        }
        String number = prefix == 0 && scaled == Math.rint(scaled) ? fixed(scaled, 0) : three(scaled);
        return prefix == 0 ? number + " " : number + " " + prefixes.charAt(prefix);
    }

    /// `33.1 %`.
    static String percent(double share) {
        return Double.isFinite(share) ? fixed(100 * share, 1) + " %" : NONE;
    }

    /// `2.71 times`.
    static String times(double ratio) {
        return Double.isFinite(ratio) ? three(ratio) + " times" : NONE;
    }

    /// The value by `text`, or a dash.
    static String orNone(OptionalDouble value, DoubleFunction<String> text) {
        return value.isPresent() ? text.apply(value.getAsDouble()) : NONE;
    }
}
