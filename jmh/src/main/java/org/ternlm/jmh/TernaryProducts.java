package org.ternlm.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.ternlm.kernel.Activations;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.TernaryKernel;
import org.ternlm.quant.TernaryMatrix;

/// Ternary matrices and the activations of some tokens: the only class here that knows how the kernel is called.
final class TernaryProducts {
    private final Kernels kernels;
    private final TernaryKernel kernel;
    private final ShapeOfMatrix shape;
    private final int tokens;
    private final List<MemorySegment> matrices = new ArrayList<>();
    private final Activations activations = new Activations();
    private final int[] sums;
    private int next;

    /// Activations none of which has to be 0, and the kernel for these.
    TernaryProducts(Kernels kernels, ShapeOfMatrix shape, int tokens, Residence residence, Arena arena) {
        this(kernels, kernels.ternary(), shape, tokens, 1, residence, arena);
    }

    /// @param density the share of activations that are not 0
    TernaryProducts(Kernels kernels, TernaryKernel kernel, ShapeOfMatrix shape, int tokens, double density,
            Residence residence, Arena arena) {
        this.kernels = kernels;
        this.shape = shape;
        this.tokens = tokens;
        this.kernel = kernel;
        activations.reset(tokens, shape.columns());
        sums = new int[Math.min(tokens, Activations.LARGEST_TILE) * TernaryKernel.paddedRows(shape.rows())];
        fillWeights(residence, arena);
        fillActivations(density);
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

    private void fillActivations(double density) {
        Random random = new Random(2);
        byte[] values = new byte[shape.columns()];
        for (int token = 0; token < tokens; token++) {
            for (int column = 0; column < values.length; column++) {
                int value = random.nextInt(-127, 128);
                boolean isZero = density < 1 && random.nextDouble() >= density;
                values[column] = (byte) (isZero ? 0 : density < 1 && value == 0 ? 1 : value);
            }
            activations.set(token, values, 0);
        }
    }

    /// The next matrix times all tokens, which are prepared for it.
    int[] multiply() {
        MemorySegment codes = matrices.get(next);
        next = (next + 1) % matrices.size();
        for (int token = 0; token < tokens; token += Activations.LARGEST_TILE) {
            tile(codes, token, Math.min(tokens, token + Activations.LARGEST_TILE));
        }
        return sums;
    }

    private void tile(MemorySegment codes, int fromToken, int toToken) {
        activations.prepare(kernel, fromToken, toToken, kernels.workers());
        long weights = (long) TernaryKernel.BLOCK_ROWS * shape.columns();
        kernels.workers().share(TernaryKernel.blocks(shape.rows()), TernaryKernel.STREAM_BLOCKS,
                weights * (toToken - fromToken), (from, to) -> kernel.multiply(codes, shape.rows(), from, to,
                        activations, fromToken, toToken, sums));
    }

    /// Bytes of one matrix.
    long bytes() {
        return matrices.getFirst().byteSize();
    }
}
