package org.ternlm.quant;

/// Ternary weights by their mean magnitude: BitNet b1.58 (arXiv 2402.17764, equations 1 to 3).
///
/// `trit = clip(round(w / weightScale), -1, 1)` with `weightScale = mean |W|` over the whole matrix. Rounding is half to
/// even. What the paper leaves open is done as in the authors' published code: the scale is clamped where the paper adds
/// an ε, and a weight is multiplied by the inverse of the scale, in float, which decides those close to half of it.
public final class AbsMean {

    /// The smallest scale, so that a matrix of zeros has an inverse.
    public static final float SMALLEST_SCALE = 1e-5f;

    private AbsMean() {}

    /// The mean magnitude of `weights`, at least [#SMALLEST_SCALE]. Summed in double and rounded to float once.
    ///
    /// @throws IllegalArgumentException if there are no weights, or naming the index of one that is NaN or infinite
    public static float weightScale(float[] weights) {
        return Math.max((float) meanMagnitude(weights), SMALLEST_SCALE);
    }

    /// The ternary matrix of row-major `weights`, with its scale.
    ///
    /// @throws IllegalArgumentException as [#weightScale], or if the shape is not that of `weights`
    public static TernaryMatrix ternarize(float[] weights, int rows, int columns) {
        float scale = weightScale(weights);
        float inverse = 1.0f / scale;
        byte[] trits = new byte[weights.length];
        for (int i = 0; i < weights.length; i++) {
            float scaled = weights[i] * inverse;
            trits[i] = (byte) Math.clamp(Math.rint(scaled), -1.0, 1.0);
        }
        return new TernaryMatrix(rows, columns, trits, scale);
    }

    static double meanMagnitude(float[] weights) {
        if (weights.length == 0) {
            throw new IllegalArgumentException("no weights");
        }
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            if (!Float.isFinite(weights[i])) {
                throw new IllegalArgumentException("weight %d is %s".formatted(i, weights[i]));
            }
            sum += Math.abs(weights[i]);
        }
        return sum / weights.length;
    }
}
