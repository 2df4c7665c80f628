package org.ternlm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.KvForm;
import org.ternlm.kernel.Workers;
import org.ternlm.kernel.scalar.ScalarDenseKernel;
import org.ternlm.kernel.scalar.ScalarFloatKernel;
import org.ternlm.kernel.scalar.ScalarIntegerKernel;
import org.ternlm.kernel.scalar.ScalarTernaryKernel;
import org.ternlm.kernel.vector.VectorProvider;

/// Attention over several spans: what it computes, and that nobody can tell from the bits how the work was divided.
class AttentionTest {
    private static final int POSITIONS = 700;
    private static final int HEAD_SIZE = 24;
    private static final int LAYER = 1;

    private final Random random = new Random(3);

    private static ModelConfig config(int heads, int keyValueHeads) {
        return new ModelConfig("llama", 10, heads * HEAD_SIZE, 8, 2, heads, keyValueHeads, HEAD_SIZE, POSITIONS, 1e-5f,
                Activation.SILU, 10_000, new RopeScaling.None(), true, false, false, false, LinearKind.DENSE, Set.of(),
                -1, Set.of());
    }

    private float[] values(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Kernels kernels(boolean vector, int threads) {
        Workers workers = new Workers(threads);
        return vector
                ? VectorProvider.kernels(workers, true)
                : new Kernels(new ScalarTernaryKernel(), new ScalarDenseKernel(), new ScalarIntegerKernel(),
                        new ScalarFloatKernel(), workers);
    }

    /// Attention of all positions, so many rows at once.
    private static float[] attend(ModelConfig config, KvForm form, float[] queries, float[] keys, float[] values,
            int rowsAtOnce, boolean vector, int threads) {
        KvCache cache = new KvCache(config, form);
        int width = config.keyValueSize();
        float[] all = new float[queries.length];
        try (Kernels kernels = kernels(vector, threads)) {
            Attention attention = new Attention(config, kernels);
            for (int from = 0; from < POSITIONS; from += rowsAtOnce) {
                int first = from;
                int rows = Math.min(rowsAtOnce, POSITIONS - from);
                cache.reserve(rows);
                for (int position = from; position < from + rows; position++) {
                    cache.put(LAYER, position, 0, config.keyValueHeads(), keys, values, position * width);
                }
                float[] out = new float[rows * config.querySize()];
                attention.apply(LAYER, Arrays.copyOfRange(queries, from * config.querySize(),
                        (from + rows) * config.querySize()), out, rows, _ -> cache, row -> first + row);
                System.arraycopy(out, 0, all, from * config.querySize(), out.length);
                cache.advance(rows);
            }
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource({"4, 4, F32", "8, 2, F32", "6, 2, F32", "8, 1, F32", "8, 2, BF16", "8, 2, INT8", "3, 3, INT8"})
    void theDivisionOfTheWorkDoesNotShow(int heads, int keyValueHeads, KvForm form) {
        ModelConfig config = config(heads, keyValueHeads);
        float[] queries = values(POSITIONS * config.querySize());
        float[] keys = values(POSITIONS * config.keyValueSize());
        float[] values = values(POSITIONS * config.keyValueSize());
        float[] expected = attend(config, form, queries, keys, values, POSITIONS, false, 1);
        for (int threads : new int[] {1, 2, 3}) {
            for (int rows : new int[] {1, 7, 256, POSITIONS}) {
                assertThat(attend(config, form, queries, keys, values, rows, true, threads))
                        .as("%d rows at once, %d threads", rows, threads).isEqualTo(expected);
            }
        }
        assertThat(attend(config, form, queries, keys, values, 1, false, 2)).isEqualTo(expected);
    }

    /// Scores that rise and fall by far more than a float's exponent can hold: spans with the largest first and last.
    @ParameterizedTest
    @CsvSource({"F32, 1, 3e-6", "F32, 9, 2e-5", "BF16, 1, 2e-2", "INT8, 1, 4e-2"})
    void itIsTheSoftmaxOfTheScoresTimesTheValues(KvForm form, float scale, double tolerance) {
        ModelConfig config = config(2, 1);
        float[] queries = values(POSITIONS * config.querySize());
        float[] keys = values(POSITIONS * config.keyValueSize());
        float[] values = values(POSITIONS * config.keyValueSize());
        for (int i = 0; i < queries.length; i++) {
            queries[i] *= scale;
            keys[i % keys.length] *= i % 3 == 0 ? 1 : scale > 1 ? 1.02f : 1;
        }
        float[] found = attend(config, form, queries, keys, values, 256, true, 2);
        for (int position : new int[] {0, 1, 63, 64, 255, 256, 300, 512, 699}) {
            for (int head = 0; head < 2; head++) {
                int at = position * config.querySize() + head * HEAD_SIZE;
                double[] expected = plain(queries, at, keys, values, position);
                for (int i = 0; i < HEAD_SIZE; i++) {
                    assertThat((double) found[at + i]).as("position %d, head %d", position, head)
                            .isCloseTo(expected[i], within(tolerance));
                }
            }
        }
    }

    private static double[] plain(float[] queries, int at, float[] keys, float[] values, int position) {
        double[] scores = new double[position + 1];
        for (int p = 0; p <= position; p++) {
            for (int i = 0; i < HEAD_SIZE; i++) {
                scores[p] += (double) queries[at + i] * keys[p * HEAD_SIZE + i] / Math.sqrt(HEAD_SIZE);
            }
        }
        double largest = Arrays.stream(scores).max().orElseThrow();
        double sum = Arrays.stream(scores).map(score -> Math.exp(score - largest)).sum();
        double[] out = new double[HEAD_SIZE];
        for (int p = 0; p <= position; p++) {
            for (int i = 0; i < HEAD_SIZE; i++) {
                out[i] += Math.exp(scores[p] - largest) / sum * values[p * HEAD_SIZE + i];
            }
        }
        return out;
    }
}
