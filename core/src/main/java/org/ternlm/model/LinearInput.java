package org.ternlm.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ternlm.kernel.FloatKernel;
import org.ternlm.kernel.TernaryKernel;

/// The input of linear layers, `[tokens, columns]`, as floats and, once a ternary layer asks for it, as int8 with one
/// multiplier a token. Layers with the same input (q, k and v; gate and up) so share one quantisation.
///
/// Buffers grow and are used again. Not thread-safe.
final class LinearInput {
    private float[] values = new float[0];
    private byte[] quantized = new byte[0];
    private float[] multipliers = new float[0];
    private int[] totals = new int[0];
    private int[] sums = new int[0];
    private int tokens;
    private int columns;
    private boolean isQuantized;
    private @Nullable LinearInput normalized;

    /// Room for new values, to be written by the caller before a layer reads them.
    float[] reset(int tokens, int columns) {
        this.tokens = tokens;
        this.columns = columns;
        isQuantized = false;
        int size = Math.multiplyExact(tokens, columns);
        if (values.length < size) {
            values = new float[size];
        }
        return values;
    }

    /// Declares that the values have been changed in place.
    void touched() {
        isQuantized = false;
    }

    /// This input, each token normalised, for one layer alone; the next call writes over it.
    LinearInput normalized(float[] gain, float epsilon, FloatKernel floats) {
        LinearInput result = normalized == null ? new LinearInput() : normalized;
        normalized = result;
        float[] target = result.reset(tokens, columns);
        for (int token = 0; token < tokens; token++) {
            floats.rmsNorm(values, token * columns, gain, epsilon, target, token * columns, columns);
        }
        return result;
    }

    int tokens() {
        return tokens;
    }

    int columns() {
        return columns;
    }

    float[] values() {
        return values;
    }

    /// Makes [#quantized], [#multipliers] and [#totals] valid.
    void quantize(FloatKernel floats, TernaryKernel kernel) {
        if (isQuantized) {
            return;
        }
        int stride = kernel.paddedColumns(columns);
        int size = Math.multiplyExact(tokens, stride);
        if (quantized.length < size) {
            quantized = new byte[size];
        }
        if (multipliers.length < tokens) {
            multipliers = new float[tokens];
            totals = new int[tokens];
        }
        for (int token = 0; token < tokens; token++) {
            int start = token * stride;
            multipliers[token] = floats.quantize(values, token * columns, columns, quantized, start);
            Arrays.fill(quantized, start + columns, start + stride, (byte) 0);
            int total = 0;
            for (int i = start; i < start + columns; i++) {
                total += quantized[i];
            }
            totals[token] = total;
        }
        isQuantized = true;
    }

    /// int8 values, `[tokens, paddedColumns]`.
    byte[] quantized() {
        return quantized;
    }

    /// For each token what its values were multiplied by.
    float[] multipliers() {
        return multipliers;
    }

    /// For each token the sum of its int8 values.
    int[] totals() {
        return totals;
    }

    /// Scratch for the integer results of a layer.
    int[] sums(int size) {
        if (sums.length < size) {
            sums = new int[size];
        }
        return sums;
    }
}
