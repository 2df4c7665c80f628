package org.ternlm.eval.measure;

/// How many of some are of a kind: an accuracy.
///
/// @param right how many
/// @param count of how many, at least one
public record Share(int right, int count) {
    public Share {
        if (count < 1 || right < 0 || right > count) {
            throw new IllegalArgumentException("%d of %d".formatted(right, count));
        }
    }

    /// From 0 to 1.
    public double value() {
        return (double) right / count;
    }

    /// Of the mean of zeros and ones, from their sample variance, as lm-evaluation-harness has it: √(p(1−p)/(n−1)). NaN
    /// of one item.
    public double standardError() {
        return Math.sqrt(value() * (1 - value()) / (count - 1));
    }

    /// Wilson's (1927), which stays within 0 and 1 and holds for small numbers:
    /// (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n).
    public Interval interval() {
        double square = Interval.QUANTILE * Interval.QUANTILE / count;
        double middle = value() + square / 2;
        double half = Interval.QUANTILE * Math.sqrt(value() * (1 - value()) / count + square / (4 * count));
        return new Interval(Math.max(0, (middle - half) / (1 + square)), Math.min(1, (middle + half) / (1 + square)));
    }
}
