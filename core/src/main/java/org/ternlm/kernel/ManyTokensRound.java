package org.ternlm.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.ternlm.quant.LookupWords;

/// A product with many tokens, to be repeated with one kernel and another until one is faster.
final class ManyTokensRound {
    private static final int ROWS = 256;
    private static final int COLUMNS = 1024;
    private static final int TOKENS = 64;

    private final MemorySegment codes;
    private final Activations activations = new Activations();
    private final int[] sums = new int[TOKENS * ROWS];

    /// @param arena for the dummy weights
    ManyTokensRound(LookupWords layout, Arena arena) {
        codes = arena.allocate(layout.byteSize(ROWS, COLUMNS), 64);
        activations.reset(TOKENS, COLUMNS);
        byte[] values = new byte[COLUMNS];
        for (int token = 0; token < TOKENS; token++) {
            activations.set(token, values, 0);
        }
    }

    /// Nanoseconds that it took.
    long run(TernaryKernel kernel) {
        long start = System.nanoTime();
        for (int from = 0; from < TOKENS; from += kernel.largestTile()) {
            int to = Math.min(TOKENS, from + kernel.largestTile());
            activations.prepare(kernel, from, to);
            kernel.multiply(codes, ROWS, 0, TernaryKernel.blocks(ROWS), activations, from, to, sums);
        }
        return System.nanoTime() - start;
    }
}
