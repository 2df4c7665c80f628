package org.ternlm.compare.figure;

import java.util.Arrays;

/// A few values of the same thing, of other seeds.
public final class Spread {
    private final double[] values;

    private Spread(double[] values) {
        this.values = values;
    }

    /// @throws IllegalArgumentException if there is none
    public static Spread of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        return new Spread(values.clone());
    }

    /// How many.
    public int count() {
        return values.length;
    }

    /// Their mean, with the interval by Student's t; of one value, nothing is known of its error.
    public Interval mean() {
        double mean = Arrays.stream(values).average().orElseThrow();
        if (values.length == 1) {
            return Interval.unknown(mean);
        }
        double side = StudentT.quantile(values.length - 1) * deviation() / Math.sqrt(values.length);
        return new Interval(mean, mean - side, mean + side);
    }

    /// The standard deviation of one value, estimated from all; NaN of one value.
    public double deviation() {
        double mean = Arrays.stream(values).average().orElseThrow();
        double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
        return values.length == 1 ? Double.NaN : Math.sqrt(squares / (values.length - 1));
    }
}
