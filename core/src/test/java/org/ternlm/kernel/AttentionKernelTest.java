package org.ternlm.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ternlm.kernel.scalar.ScalarAttentionKernel;
import org.ternlm.tensor.BFloat16;

/// The steps of attention: the vector form gives the bits of the scalar one and writes nothing else; the scalar one is
/// what the equations say; what a block holds is as near to what was put there as its form promises.
@Tag("kernel")
class AttentionKernelTest {
    /// With remainders at every width; some below one vector.
    private static final int[] HEAD_SIZES = {2, 6, 16, 18, 40, 64, 80, 96, 102, 128};
    private static final int HEADS = 3;

    private final AttentionKernel scalar = new ScalarAttentionKernel();
    private final AttentionKernel vector = VectorWidth.kernels().floats().attention();
    private final Random random = new Random(6);

    private float[] values(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /// Filled from keys and values laid out `[position, head, element]`.
    private static KvBlock filled(KvForm form, int size, float[] keys, float[] values) {
        KvBlock block = form.block(HEADS, size);
        for (int position = 0; position < KvBlock.POSITIONS; position++) {
            for (int head = 0; head < HEADS; head++) {
                int at = (position * HEADS + head) * size;
                block.put(head, position, keys, at, values, at);
            }
        }
        return block;
    }

    @ParameterizedTest
    @EnumSource
    void scoresAreTheSameBits(KvForm form) {
        for (int size : HEAD_SIZES) {
            float[] keys = values(KvBlock.POSITIONS * HEADS * size);
            KvBlock block = filled(form, size, keys, keys);
            float[] query = values(5 * size + 9);
            int[] places = {3, 2 * size + 1, 0, 4 * size + 7};
            int[] to = {1, 300, 70, 150};
            for (int queries = 1; queries <= AttentionKernel.QUERIES; queries++) {
                for (int positions : new int[] {1, 2, 16, 31, 33, 63, 64}) {
                    float[] expected = values(400);
                    float[] found = expected.clone();
                    scalar.scores(block, 2, positions, query, places, queries, 0.3f, expected, to);
                    vector.scores(block, 2, positions, query, places, queries, 0.3f, found, to);
                    for (int q = 0; q < queries; q++) {
                        // What stands behind the last position is nobody's business.
                        System.arraycopy(found, to[q] + positions, expected, to[q] + positions, 64 - positions);
                    }
                    assertThat(found).as("head size %d, %d queries, %d positions", size, queries, positions)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void mixturesAreTheSameBits(KvForm form) {
        for (int size : HEAD_SIZES) {
            float[] numbers = values(KvBlock.POSITIONS * HEADS * size);
            KvBlock block = filled(form, size, numbers, numbers);
            float[] weights = values(400);
            int[] from = {1, 300, 70, 150};
            int[] to = {3, 2 * size + 4, size + 3, 3 * size + 6};
            for (int queries = 1; queries <= AttentionKernel.QUERIES; queries++) {
                for (int[] range : new int[][] {{0, 64}, {0, 1}, {13, 14}, {5, 62}, {7, 7}}) {
                    float[] expected = values(5 * size + 9);
                    float[] found = expected.clone();
                    scalar.mix(block, 1, range[0], range[1], weights.clone(), from, queries, expected, to);
                    vector.mix(block, 1, range[0], range[1], weights.clone(), from, queries, found, to);
                    assertThat(found).as("head size %d, %d queries", size, queries).isEqualTo(expected);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(KvForm.class)
    void weightsAreTheSameBits(KvForm form) {
        for (int count = 1; count <= AttentionKernel.SPAN; count += 1 + count / 9) {
            float[] expected = values(300);
            for (int i = 0; i < expected.length; i++) {
                expected[i] *= 1 + 40 * form.ordinal();
            }
            float[] found = expected.clone();
            float largest = scalar.largest(expected, 5, count);
            assertThat(vector.largest(found, 5, count)).isEqualTo(largest);
            assertThat(vector.weights(found, 5, count, largest)).isEqualTo(scalar.weights(expected, 5, count,
                    largest));
            assertThat(found).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void stepsAreTheEquations(KvForm form) {
        int size = 18;
        float[] keys = values(KvBlock.POSITIONS * HEADS * size);
        float[] values = values(keys.length);
        KvBlock block = filled(form, size, keys, values);
        float[] query = values(size);
        float[] scores = new float[KvBlock.POSITIONS];
        int[] start = {0};
        scalar.scores(block, 1, 50, query, start, 1, 0.25f, scores, start);
        double[] powers = new double[50];
        double sum = 0;
        for (int p = 0; p < 50; p++) {
            double dot = 0;
            for (int i = 0; i < size; i++) {
                dot += (double) query[i] * stored(form, keys, (p * HEADS + 1) * size, size, i);
            }
            assertThat(scores[p]).isCloseTo((float) (0.25 * dot), within(1e-5f));
            powers[p] = Math.exp(0.25 * dot);
            sum += powers[p];
        }
        float weightSum = scalar.weights(scores, 0, 50, scalar.largest(scores, 0, 50));
        float[] mixed = new float[size];
        scalar.mix(block, 1, 0, 50, scores, start, 1, mixed, start);
        for (int i = 0; i < size; i++) {
            double expected = 0;
            for (int p = 0; p < 50; p++) {
                expected += powers[p] / sum * stored(form, values, (p * HEADS + 1) * size, size, i);
            }
            assertThat(mixed[i] / weightSum).isCloseTo((float) expected, within(1e-5f));
        }
    }

    /// What a form makes of an element of a head that begins at `at`.
    private static double stored(KvForm form, float[] x, int at, int size, int i) {
        float largest = 0;
        for (int k = at; k < at + size; k++) {
            largest = Math.max(largest, Math.abs(x[k]));
        }
        return switch (form) {
            case F32 -> x[at + i];
            case BF16 -> BFloat16.toFloat(BFloat16.fromFloat(x[at + i]));
            case INT8 -> Math.rint(x[at + i] / (double) largest * 127) * largest / 127;
        };
    }

    @ParameterizedTest
    @EnumSource
    void zerosAndTheSmallestNumbersStayNearZero(KvForm form) {
        float[] tiny = {0, Float.MIN_VALUE, -Float.MIN_VALUE, 1e-40f, -1e-38f, 0};
        for (float[] numbers : new float[][] {new float[6], tiny}) {
            KvBlock block = form.block(1, 6);
            block.put(0, 9, numbers, 0, numbers, 0);
            float[] scores = new float[KvBlock.POSITIONS];
            int[] start = {0};
            vector.scores(block, 0, 10, new float[] {1, 1, 1, 1, 1, 1}, start, 1, 1, scores, start);
            assertThat(scores[9]).isBetween(-2e-38f, 2e-38f);
        }
    }

    /// A model whose weights are damaged must not look sound.
    @ParameterizedTest
    @EnumSource
    void whatIsNoNumberIsNotHidden(KvForm form) {
        for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[] numbers = {1, odd, 2, 3};
            KvBlock block = form.block(1, 4);
            block.put(0, 3, numbers, 0, numbers, 0);
            float[] scores = new float[KvBlock.POSITIONS];
            int[] start = {0};
            vector.scores(block, 0, 10, new float[] {1, 1, 1, 1}, start, 1, 1, scores, start);
            assertThat(Float.isFinite(scores[3])).isFalse();
        }
    }
}
