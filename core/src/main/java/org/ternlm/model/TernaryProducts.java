package org.ternlm.model;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.ternlm.kernel.Activations;
import org.ternlm.kernel.ByteProductsException;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.TernaryKernel;

/// Computes ternary layers that take the same input, and have the same layout, in one go: the input is prepared once, and
/// the threads share the rows of all of them without waiting in between.
final class TernaryProducts {
    /// Rows are given out in units of so many blocks.
    private static final int UNIT = TernaryKernel.STREAM_BLOCKS;
    /// Skipping columns pays where fewer than one in so many is not 0: measured with weights that come from memory
    /// (docs/sparsity.md).
    private static final int SPARSE = 5;

    private final List<BitLinear> layers;
    private final LinearInput input;
    private final float[][] outputs;
    private final Kernels kernels;
    private final TernaryKernel kernel;
    private final Activations activations;
    private final boolean isSparse;

    private TernaryProducts(List<BitLinear> layers, LinearInput input, float[][] outputs, Kernels kernels) {
        this.layers = layers;
        this.input = input;
        this.outputs = outputs;
        this.kernels = kernels;
        activations = input.activations(kernels);
        TernaryKernel sparse = kernels.sparse();
        isSparse = sparse != null && skipsColumns(layers, activations);
        kernel = sparse != null && isSparse
                ? sparse
                : kernels.ternaryOf(layers.getFirst().packing(), input.tokens());
    }

    /// Computes `outputs[i]`, `[tokens, rows]`, as the i-th layer has it.
    static void compute(List<BitLinear> layers, LinearInput input, float[][] outputs, Kernels kernels) {
        try {
            new TernaryProducts(layers, input, outputs, kernels).tiles();
        } catch (ByteProductsException failed) {
            kernels.manyTokens().giveUp(failed);
            new TernaryProducts(layers, input, outputs, kernels).tiles();
        }
        for (int i = 0; i < layers.size(); i++) {
            Linear.addBias(layers.get(i).bias(), outputs[i], input.tokens(), layers.get(i).rows());
        }
    }

    private void tiles() {
        int most = kernel.largestTile();
        for (int from = 0; from < input.tokens(); from += most) {
            tile(from, Math.min(input.tokens(), from + most));
        }
    }

    private static boolean skipsColumns(List<BitLinear> layers, Activations activations) {
        return activations.tokens() == 1 && layers.size() == 1 && layers.getFirst().columnCodes().byteSize() > 0
                && activations.nonZeros(0) < activations.columns() / SPARSE;
    }

    private void tile(int fromToken, int toToken) {
        activations.prepare(kernel, fromToken, toToken, kernels.workers());
        int units = 0;
        for (int i = 0; i < layers.size(); i++) {
            int rows = layers.get(i).rows();
            input.sums(i, (toToken - fromToken) * TernaryKernel.paddedRows(rows));
            units += units(rows);
        }
        long weights = (long) UNIT * TernaryKernel.BLOCK_ROWS * activations.columns();
        kernels.workers().share(units, 1, weights * (toToken - fromToken),
                (from, to) -> units(from, to, fromToken, toToken));
    }

    private static int units(int rows) {
        return Math.ceilDiv(TernaryKernel.blocks(rows), UNIT);
    }

    /// The units `from` to `to`, counted through all layers.
    private void units(int from, int to, int fromToken, int toToken) {
        int before = 0;
        for (int i = 0; i < layers.size() && before < to; i++) {
            int rows = layers.get(i).rows();
            int first = Math.max(0, from - before) * UNIT;
            int last = Math.min(TernaryKernel.blocks(rows), (to - before) * UNIT);
            if (first < last) {
                blocks(i, first, last, fromToken, toToken);
            }
            before += units(rows);
        }
    }

    private void blocks(int index, int from, int to, int fromToken, int toToken) {
        BitLinear layer = layers.get(index);
        int[] sums = input.sums(index, 0);
        MemorySegment codes = isSparse ? layer.columnCodes() : layer.codes();
        kernel.multiply(codes, layer.rows(), from, to, activations, fromToken, toToken, sums);
        layer.rescale(sums, from * TernaryKernel.BLOCK_ROWS, Math.min(layer.rows(), to * TernaryKernel.BLOCK_ROWS),
                activations.multipliers(), fromToken, toToken, outputs[index]);
    }
}
