package org.ternlm.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ternlm.kernel.Activations;
import org.ternlm.kernel.Kernels;

/// The input of linear layers, `[tokens, columns]`, as floats and, once a ternary layer asks for it, as int8 with one
/// multiplier a token. Layers with the same input (q, k and v; gate and up) so share one quantisation.
///
/// Buffers grow and are used again. Not thread-safe.
final class LinearInput {
    private float[] values = new float[0];
    private final Activations activations = new Activations();
    private int[][] sums = new int[0][];
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
    LinearInput normalized(float[] gain, float epsilon, Kernels kernels) {
        LinearInput result = normalized == null ? new LinearInput() : normalized;
        normalized = result;
        float[] target = result.reset(tokens, columns);
        RowWise.NORM.share(kernels, tokens, columns, token -> kernels.floats().rmsNorm(values, token * columns, gain,
                epsilon, target, token * columns, columns));
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

    /// The tokens rounded to int8, once for all layers that take them.
    Activations activations(Kernels kernels) {
        if (!isQuantized) {
            activations.reset(tokens, columns);
            RowWise.ROUND.share(kernels, tokens, columns,
                    token -> activations.quantize(token, values, token * columns, kernels.floats()));
            isQuantized = true;
        }
        return activations;
    }

    /// Scratch for the integer results of the `index`-th of layers that are computed together.
    int[] sums(int index, int size) {
        if (sums.length <= index) {
            sums = Arrays.copyOf(sums, index + 1);
        }
        if (sums[index] == null || sums[index].length < size) {
            sums[index] = new int[size];
        }
        return sums[index];
    }
}
