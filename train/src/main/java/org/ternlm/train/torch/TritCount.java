package org.ternlm.train.torch;

/// How many of the weights are -1, 0 and +1 as they would be rounded now, and how many of them changed with the last
/// step. All 0 where nothing is ternary.
///
/// @param flips changed since the preparation before
public record TritCount(long minus, long zero, long plus, long flips) {

    /// How many weights are ternary.
    public long total() {
        return minus + zero + plus;
    }

    /// Shares of -1, 0 and +1, in this order; zeros where nothing is ternary.
    public double[] shares() {
        double total = Math.max(1, total());
        return new double[] {minus / total, zero / total, plus / total};
    }

    /// The share of trits that changed.
    public double flippedShare() {
        return flips / (double) Math.max(1, total());
    }
}
