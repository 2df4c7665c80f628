package org.ternlm.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ternlm.kernel.Activations;
import org.ternlm.kernel.ByteProducts;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.TernaryKernel;
import org.ternlm.kernel.TileKernel;
import org.ternlm.quant.LookupWords;
import org.ternlm.quant.Packings;

/// Prints how fast one thread multiplies with Java's kernel and with oneDNN, by turns, the best of several: from how many
/// tokens on unpacking is worth it.
@Tag("soak")
class ManyTokensSpeedTest {
    private static final int ROWS = 2560;
    private static final int COLUMNS = 2560;
    private static final int REPETITIONS = 30;

    @Test
    void printsBillionsOfProductsASecond() {
        try (Kernels kernels = KernelSelection.choose().openAtOnce(1);
                ByteProducts products = new OneDnnProvider().open();
                Arena arena = Arena.ofShared()) {
            for (LookupWords layout : new LookupWords[] {Packings.LUT9, Packings.LUT15}) {
                MemorySegment codes = arena.allocate(layout.byteSize(ROWS, COLUMNS), 64);
                TernaryKernel tiles = new TileKernel(layout, KernelSelection.choose().unpacking(), products);
                TernaryKernel java = kernels.ternaryOf(layout);
                for (int tokens : new int[] {32, 8, 16, 24, 32, 48, 64, 128, 256}) {
                    compare(layout, codes, java, tiles, tokens);
                }
            }
        }
    }

    private static void compare(LookupWords layout, MemorySegment codes, TernaryKernel java, TernaryKernel tiles,
            int tokens) {
        Activations activations = new Activations();
        activations.reset(tokens, COLUMNS);
        byte[] values = new byte[COLUMNS];
        for (int token = 0; token < tokens; token++) {
            new Random(token).nextBytes(values);
            activations.set(token, values, 0);
        }
        int[] javaSums = new int[tokens * ROWS];
        int[] tileSums = new int[tokens * ROWS];
        long javaNanos = Long.MAX_VALUE;
        long tileNanos = Long.MAX_VALUE;
        for (int i = 0; i < REPETITIONS; i++) {
            javaNanos = Math.min(javaNanos, nanos(java, codes, activations, javaSums));
            tileNanos = Math.min(tileNanos, nanos(tiles, codes, activations, tileSums));
        }
        double products = (double) tokens * ROWS * COLUMNS;
        System.out.printf(Locale.ROOT, "%s, %d tokens: %s %.0f, %s %.0f billion products a second%n", layout.name(),
                tokens, java.name(), products / javaNanos, tiles.name(), products / tileNanos);
        if (tokens <= java.largestTile()) {
            assertThat(tileSums).isEqualTo(javaSums);
        }
    }

    private static long nanos(TernaryKernel kernel, MemorySegment codes, Activations activations, int[] sums) {
        long start = System.nanoTime();
        int tokens = activations.tokens();
        for (int from = 0; from < tokens; from += kernel.largestTile()) {
            int to = Math.min(tokens, from + kernel.largestTile());
            activations.prepare(kernel, from, to);
            kernel.multiply(codes, ROWS, 0, TernaryKernel.blocks(ROWS), activations, from, to, sums);
        }
        return System.nanoTime() - start;
    }
}
