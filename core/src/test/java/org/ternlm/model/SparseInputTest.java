package org.ternlm.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.kernel.Activations;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.TernaryKernel;
import org.ternlm.kernel.Workers;
import org.ternlm.kernel.scalar.ScalarColumnKernel;
import org.ternlm.kernel.scalar.ScalarDenseKernel;
import org.ternlm.kernel.scalar.ScalarFloatKernel;
import org.ternlm.kernel.scalar.ScalarIntegerKernel;
import org.ternlm.kernel.scalar.ScalarLookupKernel;
import org.ternlm.quant.Packing;
import org.ternlm.quant.Packings;
import org.ternlm.quant.TernaryMatrix;

/// Layers with two layouts give the same bits as layers with one, and take the one that skips columns where that pays.
class SparseInputTest {
    private static final int ROWS = 600;
    private static final int COLUMNS = 400;

    private final AtomicInteger sparseCalls = new AtomicInteger();

    @ParameterizedTest
    @CsvSource({"0, 1, true", "1, 1, true", "40, 1, true", "79, 1, true", "80, 1, false", "400, 1, false",
            "40, 2, false"})
    void givesTheSameBitsAndSkipsColumnsBelowAFifth(int nonZeros, int tokens, boolean skips) {
        try (Kernels kernels = kernels(); Arena arena = Arena.ofShared()) {
            TernaryMatrix matrix = matrix(0);
            BitLinear once = BitLinear.pack(matrix, new float[0], BitLinear.InputNorm.NONE, kernels, arena);
            BitLinear twice = BitLinear.packForSparseInput(matrix, new float[0], BitLinear.InputNorm.NONE, kernels,
                    arena);
            float[] expected = apply(once, nonZeros, tokens, kernels);
            assertThat(sparseCalls).hasValue(0);
            assertThat(apply(twice, nonZeros, tokens, kernels)).isEqualTo(expected);
            assertThat(sparseCalls.get() > 0).isEqualTo(skips);
        }
    }

    @Test
    void packsOnceWithoutZerosAmongTheWeights() {
        try (Kernels kernels = kernels(); Arena arena = Arena.ofShared()) {
            BitLinear layer = BitLinear.packForSparseInput(matrix(1), new float[0], BitLinear.InputNorm.NONE, kernels,
                    arena);
            assertThat(layer.heldBytes()).isEqualTo(layer.byteSize());
        }
    }

    private float[] apply(BitLinear layer, int nonZeros, int tokens, Kernels kernels) {
        LinearInput input = new LinearInput();
        float[] values = input.reset(tokens, COLUMNS);
        Random random = new Random(5);
        for (int token = 0; token < tokens; token++) {
            for (int i = 0; i < nonZeros; i++) {
                // Of like size, so that none is rounded to 0.
                values[token * COLUMNS + (i * 7 + token) % COLUMNS] = 1 + random.nextFloat();
            }
        }
        float[] y = new float[tokens * ROWS];
        layer.apply(input, y, kernels);
        return y;
    }

    private static TernaryMatrix matrix(int least) {
        Random random = new Random(4);
        byte[] trits = new byte[ROWS * COLUMNS];
        for (int i = 0; i < trits.length; i++) {
            trits[i] = (byte) (least == 1 ? 2 * random.nextInt(2) - 1 : random.nextInt(3) - 1);
        }
        return new TernaryMatrix(ROWS, COLUMNS, trits, 0.3f);
    }

    private Kernels kernels() {
        return new Kernels(new ScalarLookupKernel(Packings.LUT9), new ScalarLookupKernel(Packings.LUT15),
                new ScalarDenseKernel(), new ScalarIntegerKernel(), new ScalarFloatKernel(), new Workers(2))
                .withSparse(new Counting());
    }

    /// Counts what it is asked for.
    private final class Counting implements TernaryKernel {
        private final TernaryKernel kernel = new ScalarColumnKernel();

        @Override
        public String name() {
            return "counting";
        }

        @Override
        public Packing packing() {
            return kernel.packing();
        }

        @Override
        public long preparedBytes(int columns, int tokens) {
            return kernel.preparedBytes(columns, tokens);
        }

        @Override
        public void prepare(Activations activations, int fromToken, int toToken, int from, int to) {
            kernel.prepare(activations, fromToken, toToken, from, to);
        }

        @Override
        public void multiply(MemorySegment codes, int rows, int fromBlock, int toBlock, Activations activations,
                int fromToken, int toToken, int[] sums) {
            sparseCalls.incrementAndGet();
            kernel.multiply(codes, rows, fromBlock, toBlock, activations, fromToken, toToken, sums);
        }
    }
}
