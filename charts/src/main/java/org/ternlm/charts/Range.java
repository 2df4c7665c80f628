package org.ternlm.charts;

import java.util.DoubleSummaryStatistics;
import java.util.stream.DoubleStream;

/// What an axis spans: from the least to the greatest value, and a little on either side.
record Range(double low, double high, boolean isLogarithmic) {
    /// Values closer together than this share of their size are taken for one.
    private static final double ONE_VALUE = 1e-9;
    private static final double SMALLEST = 1e-100;

    /// What spans less than this factor has too few ticks on a logarithmic axis: it is drawn on a linear one.
    private static final double LEAST_FACTOR = 3;

    /// @param margin what stays free on either side, as a share of the span
    static Range of(DoubleStream values, boolean logarithmic, double margin) {
        DoubleSummaryStatistics all = values.summaryStatistics();
        double low = all.getMin();
        double high = all.getMax();
        if (logarithmic && high / low >= LEAST_FACTOR) {
            double free = Math.pow(high / low, margin);
            return new Range(low / free, high * free, true);
        }
        double size = Math.max(Math.abs(low), Math.abs(high));
        double free = (high - low) * margin;
        if (high - low <= Math.max(size * ONE_VALUE, SMALLEST)) {
            free = size < SMALLEST ? 1 : size / 10;
        }
        return new Range(low - free, high + free, false);
    }

    double span() {
        return high - low;
    }

    /// How far up the axis a value lies: 0 at the low end, 1 at the high one.
    double place(double value) {
        return isLogarithmic
                ? Math.log(value / low) / Math.log(high / low)
                : (value - low) / (high - low);
    }
}
