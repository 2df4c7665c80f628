package org.ternlm.eval.measure;

/// A range that holds the true value in 95 of 100 cases.
public record Interval(double low, double high) {
    /// The 97.5 % quantile of the normal distribution.
    static final double QUANTILE = 1.959963984540054;

    /// The normal approximation around a mean.
    static Interval normal(double mean, double standardError) {
        return new Interval(mean - QUANTILE * standardError, mean + QUANTILE * standardError);
    }
}
