package org.ternlm.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.ternlm.quant.LookupWords;

/// A product with many tokens, to be repeated with one kernel and another until one is faster.
final class ManyTokensRound {
    private static final int ROWS = 1024;
    private static final int COLUMNS = 1024;
    /// As many as a tile holds.
    private static final int TOKENS = TileKernel.MOST_TOKENS;

    private static final int FEWEST = 16;
    private static final int REPETITIONS = 16;

    private final MemorySegment codes;
    private final Activations activations = new Activations();
    private final int[] sums = new int[TOKENS * ROWS];

    /// @param arena for the dummy weights
    ManyTokensRound(LookupWords layout, Arena arena) {
        codes = arena.allocate(layout.byteSize(ROWS, COLUMNS), 64);
        activations.reset(TOKENS, COLUMNS);
        byte[] values = new byte[COLUMNS];
        for (int column = 0; column < COLUMNS; column++) {
            // About as large as activations are on average: that decides how long sums of 16 bits are.
            values[column] = (byte) (column * 37 % 101 - 50);
        }
        for (int token = 0; token < TOKENS; token++) {
            activations.set(token, values, 0);
        }
    }

    /// Nanoseconds that it took with all tokens.
    long run(TernaryKernel kernel) {
        return run(kernel, TOKENS);
    }

    /// Nanoseconds that it took with some of the tokens.
    long run(TernaryKernel kernel, int tokens) {
        long start = System.nanoTime();
        for (int from = 0; from < tokens; from += kernel.largestTile()) {
            int to = Math.min(tokens, from + kernel.largestTile());
            activations.prepare(kernel, from, to);
            kernel.multiply(codes, ROWS, 0, TernaryKernel.blocks(ROWS), activations, from, to, sums);
        }
        return System.nanoTime() - start;
    }

    /// From how many tokens on `second` is faster than `first`, both by turns and the best of a few.
    int fewest(TernaryKernel first, TernaryKernel second) {
        for (int tokens = FEWEST; tokens < TOKENS; tokens *= 2) {
            long firstNanos = Long.MAX_VALUE;
            long secondNanos = Long.MAX_VALUE;
            for (int i = 0; i < REPETITIONS; i++) {
                firstNanos = Math.min(firstNanos, run(first, tokens));
                secondNanos = Math.min(secondNanos, run(second, tokens));
            }
            if (secondNanos < firstNanos) {
                return tokens;
            }
        }
        return TOKENS;
    }
}
