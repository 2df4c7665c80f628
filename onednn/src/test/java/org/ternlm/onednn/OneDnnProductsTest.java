package org.ternlm.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ternlm.kernel.Activations;
import org.ternlm.kernel.ByteProducts;
import org.ternlm.kernel.ByteProductsException;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.TernaryKernel;
import org.ternlm.kernel.TileKernel;
import org.ternlm.kernel.scalar.ScalarLookupKernel;
import org.ternlm.quant.LookupWords;
import org.ternlm.quant.Packings;
import org.ternlm.quant.TernaryMatrix;

/// Products of oneDNN against the plain kernel: equal integers. Skipped where the processor has no VNNI.
class OneDnnProductsTest {
    private static final int[] ROWS = {1, 31, 33, 64, 65, 129};
    private static final int[] COLUMNS = {1, 8, 9, 10, 15, 63, 65, 2560};
    private static final int[] TOKENS = {1, 2, 3, 31, 33, 256};

    private static ByteProducts products;

    @BeforeAll
    static void open() {
        try {
            products = new OneDnnProvider().open();
        } catch (ByteProductsException problem) {
            Assumptions.assumeFalse(String.valueOf(problem.getMessage()).contains("no AVX-512 with VNNI"),
                    "needs a processor with VNNI");
            throw problem;
        }
    }

    @AfterAll
    static void close() {
        if (products != null) {
            products.close();
        }
    }

    static Stream<LookupWords> layouts() {
        return Stream.of(Packings.LUT9, Packings.LUT15);
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void equalsThePlainKernelOnAwkwardShapes(LookupWords layout) {
        Random random = new Random(1);
        for (int rows : ROWS) {
            for (int columns : COLUMNS) {
                for (int tokens : columns > 100 ? new int[] {2, 33} : TOKENS) {
                    byte[] values = new byte[tokens * columns];
                    random.nextBytes(values);
                    check(layout, random(layout, rows, columns, random), values, tokens);
                }
            }
        }
    }

    /// Also the longest sums that models have; and more tokens than a tile holds, one tile after another.
    @ParameterizedTest
    @MethodSource("layouts")
    void equalsThePlainKernelAtExtremes(LookupWords layout) {
        for (int weight : layout.equals(Packings.LUT9) ? new int[] {-1, 0, 1} : new int[] {-1, 1}) {
            for (byte value : new byte[] {-128, -127, -1, 0, 1, 127}) {
                for (int columns : new int[] {65, 27_648}) {
                    byte[] trits = new byte[33 * columns];
                    Arrays.fill(trits, (byte) weight);
                    byte[] values = new byte[3 * columns];
                    Arrays.fill(values, value);
                    check(layout, new TernaryMatrix(33, columns, trits, 1f), values, 3);
                }
            }
        }
        Random random = new Random(2);
        byte[] values = new byte[257 * 65];
        random.nextBytes(values);
        check(layout, random(layout, 33, 65, random), values, 257);
    }

    private static TernaryMatrix random(LookupWords layout, int rows, int columns, Random random) {
        byte[] trits = new byte[rows * columns];
        for (int i = 0; i < trits.length; i++) {
            trits[i] = (byte) (layout.equals(Packings.LUT9) ? random.nextInt(3) - 1 : 2 * random.nextInt(2) - 1);
        }
        return new TernaryMatrix(rows, columns, trits, 1f);
    }

    private static void check(LookupWords layout, TernaryMatrix matrix, byte[] values, int tokens) {
        TernaryKernel tiles = new TileKernel(layout, KernelSelection.choose().unpacking(), products);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment codes = arena.allocate(layout.byteSize(matrix.rows(), matrix.columns()), 64);
            layout.encode(matrix, codes);
            int[] expected = sums(new ScalarLookupKernel(layout), codes, matrix, values, tokens);
            int[] found = sums(tiles, codes, matrix, values, tokens);
            assertThat(found).as("%s, %s, %d tokens", layout.name(), matrix, tokens).isEqualTo(expected);
        }
    }

    /// The sums of all tokens, tile after tile, without padding rows.
    private static int[] sums(TernaryKernel kernel, MemorySegment codes, TernaryMatrix matrix, byte[] values,
            int tokens) {
        Activations activations = new Activations();
        activations.reset(tokens, matrix.columns());
        for (int token = 0; token < tokens; token++) {
            activations.set(token, values, token * matrix.columns());
        }
        int paddedRows = TernaryKernel.paddedRows(matrix.rows());
        int[] all = new int[tokens * matrix.rows()];
        for (int from = 0; from < tokens; from += kernel.largestTile()) {
            int to = Math.min(tokens, from + kernel.largestTile());
            int[] sums = new int[(to - from) * paddedRows];
            activations.prepare(kernel, from, to);
            kernel.multiply(codes, matrix.rows(), 0, TernaryKernel.blocks(matrix.rows()), activations, from, to, sums);
            for (int token = from; token < to; token++) {
                System.arraycopy(sums, (token - from) * paddedRows, all, token * matrix.rows(), matrix.rows());
            }
        }
        return all;
    }

    /// `--threads` holds: the library computes in the thread that it is called from. Threads that a library starts inherit
    /// the name of the one that called it.
    @Test
    void startsNoThreads() throws InterruptedException {
        Path tasks = Path.of("/proc/self/task");
        Assumptions.assumeTrue(Files.isDirectory(tasks), "needs Linux");
        int columns = 2560;
        List<String> names = new ArrayList<>();
        Thread caller = new Thread(() -> {
            try (Arena arena = Arena.ofShared()) {
                for (int i = 0; i < 16; i++) {
                    products.multiply(arena.allocate(256L * columns, 64), 256, columns,
                            arena.allocate(64L * columns, 64), arena.allocate(256L * 64 * 4, 64));
                }
                names.addAll(names(tasks));
            }
        }, "the-caller");
        caller.start();
        caller.join();
        assertThat(names).filteredOn("the-caller"::equals).hasSize(1);
    }

    private static List<String> names(Path tasks) {
        try (Stream<Path> folders = Files.list(tasks)) {
            return folders.map(OneDnnProductsTest::name).toList();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException ended) {
            return "";
        }
    }

    @Test
    void refusesMemoryThatIsTooSmall() {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment small = arena.allocate(64, 64);
            MemorySegment enough = arena.allocate(64 * 64, 64);
            assertThatThrownBy(() -> products.multiply(small, 2, 64, enough, enough)).isInstanceOf(
                    IllegalArgumentException.class).hasMessageContaining("activations: expected 128 bytes");
            assertThatThrownBy(() -> products.multiply(small, 1, 64, MemorySegment.ofArray(new byte[64 * 64]), enough))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("weights");
            assertThat(enough.get(ValueLayout.JAVA_INT, 0)).isZero();
        }
    }
}
