package org.ternlm.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ternlm.quant.DenseForm;
import org.ternlm.quant.DenseMatrix;

/// The same input gives the same bits whether the virtual machine still interprets a kernel or has compiled it. Else a
/// token would get other logits after a while than at the start, or in a prompt than one by one.
class CompilationTest {
    private static final int LENGTH = 97;
    /// Enough for the optimising compiler to take over.
    private static final int CALLS = 20_000;

    private final FloatKernel floats = VectorWidth.kernels().floats();
    private final Random random = new Random(8);

    private interface Operation {
        void run(float[] x);
    }

    private float[] values(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private void check(int length, Operation operation) {
        float[] x = values(length);
        float[] first = x.clone();
        operation.run(first);
        for (int call = 0; call < CALLS; call++) {
            float[] again = x.clone();
            operation.run(again);
            if (!Arrays.equals(again, first)) {
                assertThat(again).as("call %d", call).isEqualTo(first);
            }
        }
    }

    @Test
    void softmax() {
        check(LENGTH, x -> floats.softmax(x, 0, LENGTH));
    }

    @Test
    void siluGate() {
        float[] up = values(LENGTH);
        check(LENGTH, x -> floats.siluGate(x, up, 0, LENGTH));
    }

    @Test
    void rmsNorm() {
        float[] gain = values(LENGTH);
        check(LENGTH, x -> floats.rmsNorm(x, 0, gain, 1e-5f, x, 0, LENGTH));
    }

    @Test
    void dots() {
        float[] rows = values(LENGTH * 5);
        float[] out = new float[5];
        check(LENGTH, x -> {
            floats.dots(x, 0, rows, 0, LENGTH, 5, LENGTH, 0.3f, out);
            System.arraycopy(out, 0, x, 0, 5);
        });
    }

    @ParameterizedTest
    @EnumSource
    void attention(KvForm form) {
        int size = 40;
        KvBlock block = form.block(1, size);
        float[] numbers = values(KvBlock.POSITIONS * size);
        for (int position = 0; position < KvBlock.POSITIONS; position++) {
            block.put(0, position, numbers, position * size, numbers, position * size);
        }
        int[] places = {0, size, 2 * size, 3 * size};
        int[] scorePlaces = {0, 64, 128, 192};
        AttentionKernel kernel = floats.attention();
        float[] scores = new float[4 * KvBlock.POSITIONS];
        for (int queries : new int[] {1, AttentionKernel.QUERIES}) {
            check(4 * size, x -> {
                kernel.scores(block, 0, KvBlock.POSITIONS, x.clone(), places, queries, 0.3f, scores, scorePlaces);
                kernel.weights(scores, 0, 37, kernel.largest(scores, 0, 37));
                kernel.mix(block, 0, 2, 37, scores, scorePlaces, queries, x, places);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void dense(DenseForm form) {
        try (Arena arena = Arena.ofConfined()) {
            int columns = form.unitWeights() == 1 ? LENGTH : 512;
            MemorySegment weights = arena.allocate(3 * form.bytes(columns));
            for (long i = 0; i < weights.byteSize(); i++) {
                // Without the upper bit of the exponent, wherever one may be: neither infinite nor NaN.
                weights.set(ValueLayout.JAVA_BYTE, i, (byte) (random.nextInt() & 0xBF));
            }
            float[] scales = new float[form.hasRowScales() ? 3 : 0];
            Arrays.fill(scales, 0.5f);
            DenseMatrix matrix = new DenseMatrix(form, 3, columns, weights, scales);
            DenseKernel kernel = VectorWidth.kernels().dense();
            check(columns, x -> {
                float[] y = new float[6];
                kernel.multiply(matrix, 0, 3, x, 1, y);
                System.arraycopy(y, 0, x, 0, 3);
            });
            check(2 * columns, x -> {
                float[] y = new float[6];
                kernel.multiply(matrix, 0, 3, x, 2, y);
                System.arraycopy(y, 0, x, 0, 6);
            });
        }
    }
}
