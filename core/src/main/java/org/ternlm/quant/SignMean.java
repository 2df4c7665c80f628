package org.ternlm.quant;

/// ±1 weights by their sign about the mean: BitNet (arXiv 2310.11453, equations 1 to 3).
///
/// `weight = Sign(w - mean(W))` with `Sign(x) = +1` for `x > 0` and `-1` for `x ≤ 0`: a weight at the mean is -1. (The
/// `sign` of most numerical libraries is 0 there.) The scale is the mean magnitude of the weights as they are, not of
/// the centred ones.
public final class SignMean {

    private SignMean() {}

    /// The mean magnitude of `weights`, 0 if all are 0: nothing is divided by it. Summed in double and rounded to float
    /// once.
    ///
    /// @throws IllegalArgumentException if there are no weights, or naming the index of one that is NaN or infinite
    public static float weightScale(float[] weights) {
        return (float) AbsMean.meanMagnitude(weights);
    }

    /// The ±1 matrix of row-major `weights`, with its scale. The mean is not rounded to float.
    ///
    /// @throws IllegalArgumentException as [#weightScale], or if the shape is not that of `weights`
    public static TernaryMatrix binarize(float[] weights, int rows, int columns) {
        float scale = weightScale(weights);
        double mean = mean(weights);
        byte[] signs = new byte[weights.length];
        for (int i = 0; i < weights.length; i++) {
            signs[i] = (byte) (weights[i] - mean > 0 ? 1 : -1);
        }
        return new TernaryMatrix(rows, columns, signs, scale);
    }

    private static double mean(float[] weights) {
        double sum = 0;
        for (float weight : weights) {
            sum += weight;
        }
        return sum / weights.length;
    }
}
