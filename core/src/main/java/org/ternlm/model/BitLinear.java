package org.ternlm.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.TernaryKernel;
import org.ternlm.quant.TernaryMatrix;

/// A linear layer of ternary weights and int8 activations (BitLinear; "The Era of 1-bit LLMs", arXiv 2402.17764).
///
/// ```
/// y = (Σ trit · q) · weightScale / multiplier       per token: multiplier = 127 / max|x|, q = round(x · multiplier)
/// ```
///
/// Between the two scalings everything is exact int32, so every kernel gives the same result.
///
/// @param codes the weights in the kernel's run-time layout
/// @param rows output features
/// @param columns input features
/// @param weightScales one for all rows, or one for each
/// @param bias `[rows]`, or empty
/// @param inputNorm what x goes through before it is rounded
record BitLinear(MemorySegment codes, int rows, int columns, float[] weightScales, float[] bias,
        InputNorm inputNorm) implements Linear {

    /// A root mean square norm of the layer's own (transformers' `use_rms_norm`).
    ///
    /// @param gain `[columns]`, or empty where there is none
    /// @param epsilon added to the mean square
    @SuppressWarnings("ArrayRecordComponent")
    record InputNorm(float[] gain, float epsilon) {
        static final InputNorm NONE = new InputNorm(new float[0], 0);
    }

    /// Packs `matrix` for `kernel` into native memory that lives as long as `arena`.
    static BitLinear pack(TernaryMatrix matrix, float[] bias, InputNorm inputNorm, TernaryKernel kernel, Arena arena) {
        MemorySegment codes = arena.allocate(kernel.packing().byteSize(matrix.rows(), matrix.columns()), 64);
        kernel.packing().encode(matrix, codes);
        return new BitLinear(codes, matrix.rows(), matrix.columns(), matrix.weightScales(), bias, inputNorm);
    }

    /// The same layer with its codes in another place.
    BitLinear at(MemorySegment place) {
        return new BitLinear(place, rows, columns, weightScales, bias, inputNorm);
    }

    @Override
    public long byteSize() {
        return codes.byteSize();
    }

    @Override
    public void apply(LinearInput given, float[] y, Kernels kernels) {
        LinearInput input = inputNorm.gain.length == 0
                ? given
                : given.normalized(inputNorm.gain, inputNorm.epsilon, kernels.floats());
        TernaryKernel kernel = kernels.ternary();
        input.quantize(kernels.floats(), kernel);
        int tokens = input.tokens();
        int[] sums = input.sums(Math.multiplyExact(tokens, TernaryKernel.paddedRows(rows)));
        kernels.workers().share(TernaryKernel.blocks(rows), 4, (long) TernaryKernel.BLOCK_ROWS * columns * tokens,
                (from, to) -> {
                    kernel.multiply(codes, rows, columns, from, to, input.quantized(), input.totals(), tokens, sums);
                    rescale(sums, from * TernaryKernel.BLOCK_ROWS, Math.min(rows, to * TernaryKernel.BLOCK_ROWS),
                            input.multipliers(), tokens, y);
                });
        Linear.addBias(bias, y, tokens, rows);
    }

    private void rescale(int[] sums, int fromRow, int toRow, float[] multipliers, int tokens, float[] y) {
        int paddedRows = TernaryKernel.paddedRows(rows);
        for (int token = 0; token < tokens; token++) {
            int source = token * paddedRows;
            int target = token * rows;
            // In double, so that the result is rounded once: the next layer rounds it to int8, and ties are near.
            if (weightScales.length == 1) {
                double factor = (double) weightScales[0] / multipliers[token];
                for (int row = fromRow; row < toRow; row++) {
                    y[target + row] = (float) (sums[source + row] * factor);
                }
            } else {
                for (int row = fromRow; row < toRow; row++) {
                    y[target + row] = (float) (sums[source + row] * ((double) weightScales[row] / multipliers[token]));
                }
            }
        }
    }
}
