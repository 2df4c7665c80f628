package org.ternlm.quant;

import java.util.Objects;

/// Weights as int8 with one scale a row, by the row's largest magnitude: the usual rounding of a trained model to eight
/// bits.
///
/// ```
/// scale = max(max |w|, 127 · 2⁻¹²⁶) / 127
/// q     = clip(round(w / scale), -127, 127)        half to even
/// w     ~ q · scale                                within half a step
/// ```
///
/// So a scale is never 0 or subnormal, and a row of zeros needs no exception.
public final class RowAbsMax {

    private static final float BOUND = 127;
    private static final float SMALLEST_MAXIMUM = BOUND * Float.MIN_NORMAL;

    private RowAbsMax() {}

    /// Rounds the `columns` weights of one row from `weights[offset]` on to `q[qOffset]` on.
    ///
    /// @return the scale
    /// @throws IllegalArgumentException if a weight is not finite
    /// @throws IndexOutOfBoundsException if either range is not within its array
    public static float quantize(float[] weights, int offset, int columns, byte[] q, int qOffset) {
        Objects.checkFromIndexSize(offset, columns, weights.length);
        Objects.checkFromIndexSize(qOffset, columns, q.length);
        float maximum = SMALLEST_MAXIMUM;
        for (int i = offset; i < offset + columns; i++) {
            if (!Float.isFinite(weights[i])) {
                throw new IllegalArgumentException("expected finite weights, found " + weights[i]);
            }
            maximum = Math.max(maximum, Math.abs(weights[i]));
        }
        float scale = maximum / BOUND;
        for (int i = 0; i < columns; i++) {
            double steps = Math.rint(weights[offset + i] / scale);
            q[qOffset + i] = (byte) (int) Math.clamp(steps, -BOUND, BOUND);
        }
        return scale;
    }
}
