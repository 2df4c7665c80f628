package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Rounds rows of real weights into an [IntegerMatrix].
///
/// `INT8` takes the row's largest magnitude ([RowAbsMax]). `INT4` looks for the scale d of each 32 weights with the
/// smallest error
///
/// ```
/// Σ over c of importance[c] · (w[c] - d · q[c])²          q[c] = clip(round(w[c] / d), -8, 7)
/// ```
///
/// With e the weight of the largest magnitude, seven steps from e / -6.6 to e / -9.6 are tried; the q that each gives has
/// a best d, Σ importance · w · q / Σ importance · q², and of these seven the best is taken. (A few steps and least squares
/// for each are what k-quants of llama.cpp do, `make_qx_quants`; -8 reaches farther than 7, hence the sign.) Of normally
/// distributed weights it leaves 0.811 / 0.858 of the error of a step of e / -8. Then
///
/// ```
/// rowScale = max |d| / 127        factor = round(d / rowScale)        q once more with factor · rowScale
/// ```
///
/// Has buffers of its own: one thread at a time.
public final class IntegerRounding {
    private static final int GROUP = IntegerForm.GROUP_COLUMNS;
    private static final int LOWEST = -8;
    private static final int HIGHEST = 7;
    private static final float[] STEPS = {6.6f, 7.1f, 7.6f, 8.1f, 8.6f, 9.1f, 9.6f};
    private static final float FACTORS = 127;
    /// Smaller ones count as zeros, so that no inverse overflows.
    private static final float SMALLEST = 0x1p-120f;

    private final IntegerForm form;
    private final int columns;
    private final float[] importance;
    private final float[] padded;
    private final float[] steps;
    private final byte[] codes;

    /// @param importance `[columns]`, not negative: how much an error in a column weighs, its mean squared activation
    public IntegerRounding(IntegerForm form, float[] importance) {
        this.form = form;
        this.columns = importance.length;
        int width = Math.ceilDiv(columns, GROUP) * GROUP;
        this.importance = Arrays.copyOf(importance, width);
        padded = new float[width];
        steps = new float[width / GROUP];
        codes = new byte[width];
    }

    /// Rounds the row's `columns` weights into `data`, the memory of the whole matrix.
    ///
    /// @return the scale of the row
    /// @throws IllegalArgumentException if a weight is not finite
    public float encode(float[] weights, int row, MemorySegment data) {
        System.arraycopy(weights, 0, padded, 0, columns);
        float scale = form == IntegerForm.INT8
                ? RowAbsMax.quantize(padded, 0, columns, codes, 0)
                : roundGroups(row, data);
        int inWord = form.wordColumns();
        int mask = (1 << form.bits()) - 1;
        for (int word = 0; word < form.paddedColumns(columns) / inWord; word++) {
            int bits = 0;
            for (int i = inWord - 1; i >= 0; i--) {
                bits = bits << form.bits() | codes[word * inWord + i] + form.zero() & mask;
            }
            IntegerMatrix.putWord(form, data, row, word, columns, bits);
        }
        return scale;
    }

    private float roundGroups(int row, MemorySegment data) {
        float largest = 0;
        for (int group = 0; group < steps.length; group++) {
            steps[group] = bestStep(group * GROUP);
            largest = Math.max(largest, Math.abs(steps[group]));
        }
        float rowScale = Math.max(largest, FACTORS * Float.MIN_NORMAL) / FACTORS;
        for (int group = 0; group < steps.length; group++) {
            int factor = Math.round(steps[group] / rowScale);
            IntegerMatrix.putFactor(form, data, row, group, columns, factor);
            float inverse = factor == 0 ? 0 : 1 / (factor * rowScale);
            for (int i = group * GROUP; i < (group + 1) * GROUP; i++) {
                codes[i] = (byte) rounded(padded[i] * inverse);
            }
        }
        return rowScale;
    }

    private static int rounded(float steps) {
        return Math.clamp((int) (steps + (HIGHEST + 1.5f)), 0, HIGHEST - LOWEST) + LOWEST;
    }

    private float bestStep(int at) {
        float extreme = 0;
        for (int i = at; i < at + GROUP; i++) {
            float weight = padded[i];
            if (!Float.isFinite(weight)) {
                throw new IllegalArgumentException("expected finite weights, found " + weight);
            }
            extreme = Math.abs(weight) > Math.abs(extreme) ? weight : extreme;
        }
        float best = 0;
        double mostExplained = 0;
        for (int s = 0; s < STEPS.length && Math.abs(extreme) > SMALLEST; s++) {
            float inverse = -STEPS[s] / extreme;
            // Two sums each: one would wait for the latency of every addition.
            float product0 = 0;
            float product1 = 0;
            float square0 = 0;
            float square1 = 0;
            for (int i = at; i < at + GROUP; i += 2) {
                float code0 = rounded(padded[i] * inverse);
                float code1 = rounded(padded[i + 1] * inverse);
                float weighed0 = importance[i] * code0;
                float weighed1 = importance[i + 1] * code1;
                product0 += weighed0 * padded[i];
                product1 += weighed1 * padded[i + 1];
                square0 += weighed0 * code0;
                square1 += weighed1 * code1;
            }
            float product = product0 + product1;
            float square = square0 + square1;
            double explained = (double) product / square * product;
            if (explained > mostExplained) {
                mostExplained = explained;
                best = product / square;
            }
        }
        return best;
    }
}
