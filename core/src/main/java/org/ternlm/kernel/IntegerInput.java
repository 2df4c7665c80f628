package org.ternlm.kernel;

import org.ternlm.quant.IntegerForm;

/// Activations for an [IntegerKernel]: int8 with one multiplier a token ([FloatKernel#quantize]), and what vectors
/// multiply whole words with instead of taking them apart first.
///
/// A word W holds digits `b[0]`, `b[1]`, … of 4 or 8 bits (B = 16 or 256). With `u[k] = ⌊W / B^k⌋`, which is one shift,
/// `b[k] = u[k] - B · u[k+1]`, so
///
/// ```
/// Σ b[k] · q[k] = Σ u[k] · r[k]        r[0] = q[0], r[k] = q[k] - B · q[k-1]
/// ```
///
/// and nothing needs a mask. All of it may wrap around (modulo 2¹⁶ or 2³²) as long as the sum itself fits. In `INT4`,
/// the halves of 32-bit lanes are multiplied as 16 bits: the upper half of W >>> 4k is `u[k+4]` and the lower one `u[k]`
/// modulo 2¹⁶, for k < 4, so four shifts serve eight columns.
///
/// Immutable once made.
public final class IntegerInput {
    private static final int PAIRS = 4;
    private static final int NIBBLE = 16;
    private static final int BYTE = 256;
    private static final int LOWER_HALF = 0xFFFF;

    private final IntegerForm form;
    private final int tokens;
    private final int columns;
    private final int stride;
    private final byte[] quantized;
    private final float[] multipliers;
    private final int[] factors;
    private final int[] starts;

    /// Rounds `x`, `[tokens, columns]`, for matrices of that form.
    public IntegerInput(IntegerForm form, float[] x, int tokens, int columns, FloatKernel floats) {
        this.form = form;
        this.tokens = tokens;
        this.columns = columns;
        stride = form.paddedColumns(columns);
        quantized = new byte[Math.multiplyExact(tokens, stride)];
        multipliers = new float[tokens];
        factors = new int[tokens * factorsOfToken()];
        starts = new int[tokens * form.groups(columns)];
        for (int token = 0; token < tokens; token++) {
            multipliers[token] = floats.quantize(x, token * columns, columns, quantized, token * stride);
        }
        setFactors();
        setStarts();
    }

    private void setFactors() {
        if (form == IntegerForm.INT8) {
            for (int i = 0; i < factors.length; i++) {
                factors[i] = digitFactor(i, PAIRS, BYTE);
            }
            return;
        }
        int digits = 2 * PAIRS;
        for (int i = 0; i < factors.length; i++) {
            int lower = i / PAIRS * digits + i % PAIRS;
            factors[i] = digitFactor(lower + PAIRS, digits, NIBBLE) << Short.SIZE
                    | digitFactor(lower, digits, NIBBLE) & LOWER_HALF;
        }
    }

    private int digitFactor(int index, int digits, int base) {
        return quantized[index] - (index % digits == 0 ? 0 : base * quantized[index - 1]);
    }

    private void setStarts() {
        int width = form == IntegerForm.INT4 ? IntegerForm.GROUP_COLUMNS : stride;
        for (int i = 0; i < starts.length; i++) {
            int total = 0;
            for (int c = i * width; c < (i + 1) * width; c++) {
                total += quantized[c];
            }
            int start = -form.zero() * total;
            starts[i] = form == IntegerForm.INT4 ? start & LOWER_HALF : start;
        }
    }

    /// What matrices it is for.
    public IntegerForm form() {
        return form;
    }

    /// How many tokens.
    public int tokens() {
        return tokens;
    }

    /// Input features.
    public int columns() {
        return columns;
    }

    /// The distance between two tokens in [#quantized]: the columns, filled up with zeros.
    public int stride() {
        return stride;
    }

    /// int8 values, `[tokens, stride]`.
    public byte[] quantized() {
        return quantized;
    }

    /// What a token's values were multiplied by.
    public float multiplier(int token) {
        return multipliers[token];
    }

    /// The distance between two tokens in [#factors].
    public int factorsOfToken() {
        return form == IntegerForm.INT4 ? stride / 2 : stride;
    }

    /// r of each column; in `INT4`, of two columns that are 4 apart, as lower and upper 16 bits.
    public int[] factors() {
        return factors;
    }

    /// With what each sum begins, since codes are not negative: -zero · Σ q, `[tokens, groups]`; in `INT4` its lower 16
    /// bits, for the lower half of a lane.
    public int[] starts() {
        return starts;
    }
}
