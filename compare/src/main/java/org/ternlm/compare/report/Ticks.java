package org.ternlm.compare.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Where an axis begins and ends, and where it has marks.
///
/// @param low the lower end
/// @param high the upper end
/// @param isLogarithmic whether equal distances are equal factors
record Ticks(double low, double high, boolean isLogarithmic) {
    private static final double MARGIN = 0.06;
    private static final int MOST = 6;

    /// An axis that spans all these values.
    static Ticks spanning(double least, double most, boolean isLogarithmic) {
        if (isLogarithmic) {
            double margin = Math.max(Math.pow(most / least, MARGIN), 1.05);
            return new Ticks(least / margin, most * margin, true);
        }
        double margin = most > least ? MARGIN * (most - least) : Math.max(Math.abs(most), 1) * MARGIN;
        return new Ticks(least - margin, most + margin, false);
    }

    /// Where a value lies, from 0 at the low end to 1 at the high one.
    double place(double value) {
        return isLogarithmic
                ? Math.log(value / low) / Math.log(high / low)
                : (value - low) / (high - low);
    }

    /// The values at the marks.
    List<Double> values() {
        List<Double> values = isLogarithmic ? logarithmic() : List.of();
        return values.size() >= 3 ? values : linear();
    }

    private List<Double> logarithmic() {
        for (List<Integer> digits : List.of(List.of(1, 2, 5), List.of(1, 3), List.of(1))) {
            List<Double> values = new ArrayList<>();
            for (int power = (int) Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
                for (int digit : digits) {
                    double value = digit * Math.pow(10, power);
                    if (value >= low && value <= high) {
                        values.add(value);
                    }
                }
            }
            if (values.size() <= MOST + 1) {
                return values;
            }
        }
        return List.of();
    }

    private List<Double> linear() {
        double step = step();
        List<Double> values = new ArrayList<>();
        // Adding 0 makes 0 of -0.
        for (double i = Math.ceil(low / step); i * step <= high; i++) {
            values.add(i * step + 0.0);
        }
        return values;
    }

    private double step() {
        double rough = (high - low) / MOST;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= rough) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    /// What stands at a mark.
    String label(double value) {
        double magnitude = Math.abs(value);
        if (magnitude >= 1e4) {
            return Numbers.count(value).replaceFirst("\\.0+(?=\\D)", "").replace("B", "G");
        }
        if (magnitude == 0) {
            return "0";
        }
        if (magnitude < 1e-3) {
            return String.format(Locale.ROOT, "%.0e", value);
        }
        String text = String.format(Locale.ROOT, "%.4f", value);
        return text.replaceFirst("\\.?0+$", "");
    }
}
