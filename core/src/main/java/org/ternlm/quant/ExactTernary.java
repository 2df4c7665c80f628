package org.ternlm.quant;

/// Numbers that are ternary already: in each row nothing but 0, one magnitude, and its negative. Files hold such weights
/// in types of numbers when a converter has ternarised them and nothing has packed them.
///
/// Unlike [AbsMean], this does not round.
public final class ExactTernary {

    private ExactTernary() {}

    /// The matrix of row-major `weights`; one scale where all rows have the same, those without weights apart.
    ///
    /// @throws NotTernaryException if a row has two magnitudes
    /// @throws IllegalArgumentException if a weight is not finite, or the shape is not that of `weights`
    public static TernaryMatrix of(float[] weights, int rows, int columns) {
        byte[] trits = new byte[weights.length];
        float[] scales = new float[rows];
        float common = 0;
        boolean differ = false;
        for (int row = 0; row < rows; row++) {
            scales[row] = row(weights, row * columns, columns, trits);
            if (scales[row] != 0) {
                differ |= common != 0 && common != scales[row];
                common = scales[row];
            }
        }
        return new TernaryMatrix(rows, columns, trits, differ ? scales : new float[] {common});
    }

    private static float row(float[] weights, int from, int columns, byte[] trits) {
        float scale = 0;
        for (int i = from; i < from + columns; i++) {
            float magnitude = Math.abs(weights[i]);
            if (!Float.isFinite(magnitude)) {
                throw new IllegalArgumentException("weight %d is %s".formatted(i, weights[i]));
            }
            if (magnitude != 0 && scale != 0 && magnitude != scale) {
                throw new NotTernaryException("row %d, column %d is %s, earlier in the row ±%s".formatted(from
                        / columns, i - from, weights[i], scale));
            }
            scale = Math.max(scale, magnitude);
            trits[i] = (byte) Math.signum(weights[i]);
        }
        return scale;
    }
}
