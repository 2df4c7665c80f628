package org.ternlm.quant;

/// How many weights are -1, 0 and +1.
///
/// @param minus weights of -1
/// @param zero weights of 0
/// @param plus weights of +1
public record TritCounts(long minus, long zero, long plus) {
    /// Of nothing.
    public static final TritCounts NONE = new TritCounts(0, 0, 0);

    /// Of a matrix.
    public static TritCounts of(TernaryMatrix matrix) {
        long zero = 0;
        long sum = 0;
        for (byte trit : matrix.trits()) {
            zero += 1 - (trit & 1);
            sum += trit;
        }
        long others = matrix.trits().length - zero;
        return new TritCounts((others - sum) / 2, zero, (others + sum) / 2);
    }

    /// Both together.
    public TritCounts plus(TritCounts other) {
        return new TritCounts(minus + other.minus, zero + other.zero, plus + other.plus);
    }

    /// All weights.
    public long total() {
        return minus + zero + plus;
    }

    /// The share of `count` in all weights, 0 to 1; 0 of nothing.
    public double share(long count) {
        return total() == 0 ? 0 : (double) count / total();
    }

    /// Bits that a weight carries if each is drawn by these shares: `-Σ p · log₂ p`. At most log₂ 3 ≈ 1.585, which is
    /// where the name of 1.58-bit models comes from; no packing without a model of the weights can be smaller.
    public double entropy() {
        return surprise(minus) + surprise(zero) + surprise(plus);
    }

    private double surprise(long count) {
        double share = share(count);
        return share == 0 ? 0 : -share * Math.log(share) / Math.log(2);
    }
}
