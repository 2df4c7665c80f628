package org.ternlm.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ternlm.kernel.Activations;
import org.ternlm.kernel.ByteProducts;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.ManyTokens;
import org.ternlm.kernel.TernaryKernel;
import org.ternlm.kernel.TileKernel;
import org.ternlm.model.Decoder;
import org.ternlm.model.Geometry;
import org.ternlm.model.HeadForm;
import org.ternlm.model.KvCache;
import org.ternlm.model.LinearKind;
import org.ternlm.model.Model;
import org.ternlm.model.ModelConfig;
import org.ternlm.model.RandomModel;
import org.ternlm.model.RandomModel.Weighting;
import org.ternlm.quant.DenseForm;
import org.ternlm.quant.LookupWords;
import org.ternlm.quant.Packings;

/// Prints how fast one thread multiplies with Java's kernel and with oneDNN, by turns, the best of several: from how many
/// tokens on unpacking is worth it.
@Tag("soak")
class ManyTokensSpeedTest {
    private static final int ROWS = 2560;
    private static final int COLUMNS = 2560;
    private static final int REPETITIONS = 30;
    private static final int PROMPT = 512;
    private static final int PROMPTS = 6;

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

    /// Whole prompts of random models, by turns.
    @Test
    void printsTokensASecondOfPrompts() {
        for (String name : System.getProperty("tern.geometries", "700M-published,2b4t").split(",", -1)) {
            ModelConfig config = Geometry.named(name).orElseThrow().config(LinearKind.PACKED_MULTIPLY, PROMPT);
            KernelSelection selection = KernelSelection.choose();
            try (Kernels plain = selection.openAtOnce(Runtime.getRuntime().availableProcessors());
                    ManyTokens tiles = ManyTokens.atOnce(new OneDnnProvider().open(), selection.unpacking(), 32);
                    Arena arena = Arena.ofShared()) {
                Model model = RandomModel.of(config, new Weighting.Ternary(), DenseForm.BF16, HeadForm.FOUR_BIT, plain,
                        arena, bytes -> {});
                Decoder java = new Decoder(model, plain);
                Decoder library = new Decoder(model, plain.withManyTokens(tiles));
                for (int i = 0; i < PROMPTS; i++) {
                    System.out.printf(Locale.ROOT, "%s, %d threads, %d tokens: Java %.1f, oneDNN %.1f tokens/s%n",
                            name, plain.workers().parallelism(), PROMPT, rate(java, config), rate(library, config));
                }
                assertThat(tiles.state()).contains("LUT9 from 32");
            }
        }
    }

    private static double rate(Decoder decoder, ModelConfig config) {
        int[] prompt = IntStream.range(0, PROMPT).map(i -> i * 31 % config.vocabularySize()).toArray();
        long start = System.nanoTime();
        decoder.forward(List.of(Decoder.Step.next(new KvCache(config), prompt)), (step, token, logits, offset) -> {});
        return PROMPT * 1e9 / (System.nanoTime() - start);
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
