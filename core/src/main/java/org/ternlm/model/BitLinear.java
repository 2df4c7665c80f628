package org.ternlm.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.TernaryKernel;
import org.ternlm.quant.Packing;
import org.ternlm.quant.TernaryMatrix;

/// A linear layer of ternary weights and int8 activations (BitLinear; "The Era of 1-bit LLMs", arXiv 2402.17764).
///
/// ```
/// y = (Σ trit · q) · weightScale / multiplier       per token: multiplier = 127 / max|x|, q = round(x · multiplier)
/// ```
///
/// Between the two scalings everything is exact int32, so every kernel gives the same result.
///
/// @param codes the weights in a kernel's run-time layout
/// @param packing that layout
/// @param columnCodes the weights once more, for inputs that are mostly 0, in the layout of [Kernels#sparse]; `NULL` where
/// there is no such input or no such kernel
/// @param rows output features
/// @param columns input features
/// @param weightScales one for all rows, or one for each
/// @param bias `[rows]`, or empty
/// @param inputNorm what x goes through before it is rounded
record BitLinear(MemorySegment codes, Packing packing, MemorySegment columnCodes, int rows, int columns,
        float[] weightScales, float[] bias, InputNorm inputNorm) implements Linear {

    /// A root mean square norm of the layer's own (transformers' `use_rms_norm`).
    ///
    /// @param gain `[columns]`, or empty where there is none
    /// @param epsilon added to the mean square
    @SuppressWarnings("ArrayRecordComponent")
    record InputNorm(float[] gain, float epsilon) {
        static final InputNorm NONE = new InputNorm(new float[0], 0);
    }

    /// Packs `matrix` for the best of `kernels` into native memory that lives as long as `arena`.
    static BitLinear pack(TernaryMatrix matrix, float[] bias, InputNorm inputNorm, Kernels kernels, Arena arena) {
        Packing packing = kernels.ternaryFor(matrix).packing();
        return new BitLinear(pack(matrix, packing, arena), packing, MemorySegment.NULL, matrix.rows(), matrix.columns(),
                matrix.weightScales(), bias, inputNorm);
    }

    /// The same for a layer whose input is mostly 0: packs `matrix` twice where there is a kernel for that. Without zeros
    /// among the weights the usual kernel has 0.6 of the work, and no other is better.
    static BitLinear packForSparseInput(TernaryMatrix matrix, float[] bias, InputNorm inputNorm, Kernels kernels,
            Arena arena) {
        BitLinear layer = pack(matrix, bias, inputNorm, kernels, arena);
        return kernels.sparse() == null || !matrix.hasZeros()
                ? layer
                : layer.at(layer.codes, pack(matrix, kernels.sparse().packing(), arena));
    }

    private static MemorySegment pack(TernaryMatrix matrix, Packing packing, Arena arena) {
        MemorySegment codes = arena.allocate(packing.byteSize(matrix.rows(), matrix.columns()), 64);
        packing.encode(matrix, codes);
        return codes;
    }

    /// The same layer with its codes in other places.
    BitLinear at(MemorySegment place, MemorySegment columnPlace) {
        return new BitLinear(place, packing, columnPlace, rows, columns, weightScales, bias, inputNorm);
    }

    /// Bytes of all its weights, in both layouts.
    long heldBytes() {
        return codes.byteSize() + columnCodes.byteSize();
    }

    @Override
    public long byteSize() {
        return codes.byteSize();
    }

    @Override
    public void apply(LinearInput given, float[] y, Kernels kernels) {
        LinearInput input = hasInputNorm()
                ? given.normalized(inputNorm.gain, inputNorm.epsilon, kernels)
                : given;
        TernaryProducts.compute(List.of(this), input, new float[][] {y}, kernels);
    }

    /// Whether its input goes through a norm of its own, so that no other layer shares it.
    boolean hasInputNorm() {
        return inputNorm.gain.length > 0;
    }

    /// Turns the sums of the tokens `fromToken` to `toToken` into `y`, rows `fromRow` to `toRow`.
    void rescale(int[] sums, int fromRow, int toRow, float[] multipliers, int fromToken, int toToken, float[] y) {
        int paddedRows = TernaryKernel.paddedRows(rows);
        for (int token = fromToken; token < toToken; token++) {
            int source = (token - fromToken) * paddedRows;
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
