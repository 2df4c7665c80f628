package org.ternlm.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.TernaryKernel;
import org.ternlm.quant.TernaryMatrix;

/// Ternary matrices and the activations of some tokens: the only class here that knows how the kernel is called.
final class TernaryProducts {
    /// As `BitLinear` shares a matrix.
    private static final int GRAIN = 4;

    private final Kernels kernels;
    private final TernaryKernel kernel;
    private final ShapeOfMatrix shape;
    private final int tokens;
    private final List<MemorySegment> matrices = new ArrayList<>();
    private final byte[] activations;
    private final int[] totals;
    private final int[] sums;
    private int next;

    TernaryProducts(Kernels kernels, ShapeOfMatrix shape, int tokens, Residence residence, Arena arena) {
        this.kernels = kernels;
        this.shape = shape;
        this.tokens = tokens;
        kernel = kernels.ternary();
        activations = new byte[tokens * kernel.paddedColumns(shape.columns())];
        totals = new int[tokens];
        sums = new int[tokens * TernaryKernel.paddedRows(shape.rows())];
        fillWeights(residence, arena);
        fillActivations();
    }

    private void fillWeights(Residence residence, Arena arena) {
        Random random = new Random(1);
        byte[] trits = new byte[Math.toIntExact(shape.weights())];
        for (int i = 0; i < trits.length; i++) {
            trits[i] = (byte) (random.nextInt(3) - 1);
        }
        long bytes = kernel.packing().byteSize(shape.rows(), shape.columns());
        for (int i = 0; i < residence.matrices(bytes); i++) {
            MemorySegment codes = arena.allocate(bytes, 64);
            if (i == 0) {
                kernel.packing().encode(new TernaryMatrix(shape.rows(), shape.columns(), trits, 1), codes);
            } else {
                codes.copyFrom(matrices.getFirst());
            }
            matrices.add(codes);
        }
    }

    private void fillActivations() {
        Random random = new Random(2);
        int padded = activations.length / tokens;
        for (int token = 0; token < tokens; token++) {
            for (int column = 0; column < shape.columns(); column++) {
                byte q = (byte) random.nextInt(-127, 128);
                activations[token * padded + column] = q;
                totals[token] += q;
            }
        }
    }

    /// The next matrix times all tokens.
    int[] multiply() {
        MemorySegment codes = matrices.get(next);
        next = (next + 1) % matrices.size();
        kernels.workers().share(TernaryKernel.blocks(shape.rows()), GRAIN,
                (long) TernaryKernel.BLOCK_ROWS * shape.columns() * tokens, (from, to) -> kernel.multiply(codes, shape
                        .rows(), shape.columns(), from, to, activations, totals, tokens, sums));
        return sums;
    }

    /// Bytes of one matrix.
    long bytes() {
        return matrices.getFirst().byteSize();
    }
}
