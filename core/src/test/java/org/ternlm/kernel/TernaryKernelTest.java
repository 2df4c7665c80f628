package org.ternlm.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ternlm.kernel.scalar.ScalarColumnKernel;
import org.ternlm.kernel.scalar.ScalarLookupKernel;
import org.ternlm.kernel.scalar.ScalarTernaryKernel;
import org.ternlm.kernel.scalar.ScalarTileUnpacking;
import org.ternlm.kernel.vector.VectorProvider;
import org.ternlm.quant.LookupWords;
import org.ternlm.quant.Packings;
import org.ternlm.quant.TernaryMatrix;

/// Every ternary kernel against three plain loops over the unpacked weights: equal integers. The build runs this class
/// again with each vector width forced and at each instruction set level.
@Tag("kernel")
class TernaryKernelTest {
    private static final int[] ROWS = {1, 7, 31, 32, 33, 64, 127, 128, 129, 160, 300};
    private static final int[] COLUMNS = {1, 3, 7, 8, 9, 63, 127, 128, 129, 137, 255, 256, 260, 1029};
    private static final int[] TOKENS = {1, 2, 3, 4, 5, 9};

    static Stream<TernaryKernel> kernels() {
        VectorWidth.assumePresent();
        return Stream.concat(Stream.of(new ScalarTernaryKernel(), new ScalarLookupKernel(Packings.LUT9),
                new ScalarLookupKernel(Packings.LUT15), new ScalarColumnKernel(), tiles(Packings.LUT9),
                tiles(Packings.LUT15)),
                VectorProvider.ternaryKernels().stream());
    }

    /// What goes round a library, with plain loops in its place.
    private static TernaryKernel tiles(LookupWords layout) {
        return new TileKernel(layout, new ScalarTileUnpacking(), new PlainProducts());
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void equalsPlainLoopsOnAwkwardShapes(TernaryKernel kernel) {
        Random random = new Random(1);
        for (int rows : ROWS) {
            for (int columns : COLUMNS) {
                TernaryMatrix matrix = random(kernel, rows, columns, random);
                for (int tokens : TOKENS) {
                    byte[] activations = new byte[tokens * columns];
                    random.nextBytes(activations);
                    check(kernel, matrix, activations, tokens);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void equalsPlainLoopsAtExtremes(TernaryKernel kernel) {
        for (byte weight : weights(kernel)) {
            for (byte activation : new byte[] {-128, -127, -1, 0, 1, 127}) {
                for (int columns : new int[] {128, 136, 252, 255, 1025}) {
                    byte[] trits = new byte[96 * columns];
                    Arrays.fill(trits, weight);
                    byte[] activations = new byte[5 * columns];
                    Arrays.fill(activations, activation);
                    check(kernel, new TernaryMatrix(96, columns, trits, 1f), activations, 5);
                }
            }
        }
    }

    /// Sums as large as the activations allow, in both directions, whatever these are: where a kernel adds in 16 bits, it
    /// must stop in time for each token, and for the one of a tile that needs it first.
    @ParameterizedTest
    @MethodSource("kernels")
    void equalsPlainLoopsWhereSumsGrowAsFarAsTheyCan(TernaryKernel kernel) {
        int columns = 3000;
        byte[] trits = new byte[64 * columns];
        Arrays.fill(trits, 0, 32 * columns, (byte) 1);
        Arrays.fill(trits, 32 * columns, 64 * columns, (byte) -1);
        TernaryMatrix matrix = new TernaryMatrix(64, columns, trits, 1f);
        for (int tokens : new int[] {1, 4, 5}) {
            for (int large = 0; large < tokens; large++) {
                // 504 · 65 + 7 = 510 · 64 + 127 = 32,767, the largest number of 16 bits.
                for (int[] sizes : new int[][] {{1, 0}, {65, 6}, {65, 7}, {65, 8}, {64, 126}, {64, 127}, {64, 128}}) {
                    byte[] activations = new byte[tokens * columns];
                    Arrays.fill(activations, (byte) 1);
                    int first = large * columns;
                    Arrays.fill(activations, first, first + columns, (byte) sizes[0]);
                    Arrays.fill(activations, first, first + sizes[1], (byte) (sizes[0] + 1));
                    check(kernel, matrix, activations, tokens);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void equalsPlainLoopsWhereMostActivationsAreZero(TernaryKernel kernel) {
        Random random = new Random(3);
        for (int columns : new int[] {2, 255, 256, 257, 1029}) {
            TernaryMatrix matrix = random(kernel, 300, columns, random);
            for (int nonZero : new int[] {0, 1, 2, 3, 37, 253, 254, 255, 256, 509}) {
                byte[] activations = new byte[3 * columns];
                for (int i = 0; i < Math.min(nonZero, columns); i++) {
                    activations[random.nextInt(columns)] = (byte) random.nextInt(-128, 128);
                    activations[columns + random.nextInt(columns)] = -128;
                    activations[2 * columns + i] = 127;
                }
                check(kernel, matrix, activations, 3);
                check(kernel, matrix, activations, 1);
            }
        }
    }

    @Test
    void countsTheActivationsThatAreNotZero() {
        Activations activations = new Activations();
        activations.reset(2, 5);
        activations.set(0, new byte[] {0, -128, 127, 0, 1}, 0);
        activations.set(1, new byte[5], 0);
        assertThat(activations.nonZeros(0)).isEqualTo(3);
        assertThat(activations.nonZeros(1)).isZero();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void writesOnlyTheBlocksThatItIsGiven(TernaryKernel kernel) {
        Random random = new Random(2);
        TernaryMatrix matrix = random(kernel, 32 * 11, 75, random);
        byte[] activations = new byte[2 * 75];
        random.nextBytes(activations);
        try (Arena arena = Arena.ofConfined()) {
            Call call = new Call(kernel, matrix, activations, 2, arena);
            int[] whole = call.sums(0, 11);
            for (int from = 0; from < 11; from++) {
                for (int to = from; to <= 11; to++) {
                    int[] part = call.sums(from, to);
                    for (int i = 0; i < part.length; i++) {
                        int block = i % (32 * 11) / 32;
                        boolean inside = block >= from && block < to;
                        assertThat(part[i]).isEqualTo(inside ? whole[i] : Call.UNTOUCHED);
                    }
                }
            }
        }
    }

    @Test
    void sumsCannotOverflowUpToTheColumnsThatAreAllowed() {
        assertThat(128L * TernaryKernel.MOST_COLUMNS).isLessThanOrEqualTo(Integer.MAX_VALUE);
        // The layouts add trit + 1 and take Σ q off again: twice the size on the way, but wrapping is exact.
        assertThat(128L * (TernaryKernel.MOST_COLUMNS + 1)).isGreaterThan(Integer.MAX_VALUE);
    }

    /// What the layout of `kernel` can hold.
    private static byte[] weights(TernaryKernel kernel) {
        return kernel.packing().equals(Packings.LUT15) ? new byte[] {-1, 1} : new byte[] {-1, 0, 1};
    }

    private static TernaryMatrix random(TernaryKernel kernel, int rows, int columns, Random random) {
        byte[] weights = weights(kernel);
        byte[] trits = new byte[rows * columns];
        for (int i = 0; i < trits.length; i++) {
            trits[i] = weights[random.nextInt(weights.length)];
        }
        return new TernaryMatrix(rows, columns, trits, 1f);
    }

    private static void check(TernaryKernel kernel, TernaryMatrix matrix, byte[] activations, int tokens) {
        try (Arena arena = Arena.ofConfined()) {
            int[] sums = new Call(kernel, matrix, activations, tokens, arena)
                    .sums(0, TernaryKernel.blocks(matrix.rows()));
            int paddedRows = TernaryKernel.paddedRows(matrix.rows());
            for (int token = 0; token < tokens; token++) {
                for (int row = 0; row < matrix.rows(); row++) {
                    int expected = 0;
                    for (int column = 0; column < matrix.columns(); column++) {
                        expected += matrix.trit(row, column) * activations[token * matrix.columns() + column];
                    }
                    assertThat(sums[token * paddedRows + row]).as("%s, %s, token %d of %d, row %d", kernel.name(),
                            matrix, token, tokens, row).isEqualTo(expected);
                }
            }
        }
    }

    /// A matrix and activations as a kernel wants them. The tile begins at the second token that is held.
    private static final class Call {
        static final int UNTOUCHED = 0x5A5A5A5A;
        private final TernaryKernel kernel;
        private final MemorySegment codes;
        private final TernaryMatrix matrix;
        private final Activations activations = new Activations();
        private final int tokens;

        Call(TernaryKernel kernel, TernaryMatrix matrix, byte[] values, int tokens, Arena arena) {
            this.kernel = kernel;
            this.matrix = matrix;
            this.tokens = tokens;
            int columns = matrix.columns();
            codes = arena.allocate(kernel.packing().byteSize(matrix.rows(), columns), 64);
            kernel.packing().encode(matrix, codes);
            activations.reset(tokens + 1, columns);
            for (int token = 0; token < tokens; token++) {
                activations.set(token + 1, values, token * columns);
            }
            activations.prepare(kernel, 1, tokens + 1);
        }

        int[] sums(int fromBlock, int toBlock) {
            int[] sums = new int[tokens * TernaryKernel.paddedRows(matrix.rows())];
            Arrays.fill(sums, UNTOUCHED);
            kernel.multiply(codes, matrix.rows(), fromBlock, toBlock, activations, 1, tokens + 1, sums);
            return sums;
        }
    }
}
