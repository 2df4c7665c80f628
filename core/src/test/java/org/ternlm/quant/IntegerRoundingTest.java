package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IntegerRoundingTest {
    private final Random random = new Random(9);

    private float[] gaussian(int columns) {
        float[] weights = new float[columns];
        for (int i = 0; i < columns; i++) {
            weights[i] = (float) random.nextGaussian();
        }
        return weights;
    }

    private static float[] ones(int columns) {
        float[] ones = new float[columns];
        Arrays.fill(ones, 1);
        return ones;
    }

    /// Rounds rows and decodes them again.
    private static float[][] rounded(IntegerForm form, float[][] rows, float[] importance) {
        int columns = importance.length;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(form.bytes(rows.length, columns), 64);
            float[] scales = new float[rows.length];
            IntegerRounding rounding = new IntegerRounding(form, importance);
            for (int first = 0; first < rows.length; first += 16) {
                int count = Math.min(16, rows.length - first);
                float[] block = new float[count * columns];
                for (int row = 0; row < count; row++) {
                    System.arraycopy(rows[first + row], 0, block, row * columns, columns);
                }
                rounding.encode(block, count, first / 16, data, scales);
            }
            IntegerMatrix matrix = new IntegerMatrix(form, rows.length, columns, data, scales);
            float[][] decoded = new float[rows.length][columns];
            for (int row = 0; row < rows.length; row++) {
                matrix.decodeRow(row, decoded[row]);
            }
            return decoded;
        }
    }

    private static double error(float[] weights, float[] decoded, float[] importance) {
        double error = 0;
        double size = 0;
        for (int i = 0; i < weights.length; i++) {
            error += importance[i] * Math.pow(weights[i] - decoded[i], 2);
            size += importance[i] * Math.pow(weights[i], 2);
        }
        return Math.sqrt(error / size);
    }

    /// Rows of different sizes land in their places, in blocks that are full and not.
    @ParameterizedTest
    @EnumSource
    void everyRowComesBackNearly(IntegerForm form) {
        for (int columns : new int[] {1, 5, 32, 70, 256}) {
            float[][] rows = new float[21][];
            for (int row = 0; row < rows.length; row++) {
                rows[row] = gaussian(columns);
                for (int c = 0; c < columns; c++) {
                    rows[row][c] *= row + 1;
                }
            }
            float[][] decoded = rounded(form, rows, ones(columns));
            for (int row = 0; row < rows.length; row++) {
                assertThat(error(rows[row], decoded[row], ones(columns)))
                        .as("%s, %d columns, row %d", form, columns, row)
                        .isLessThan(form == IntegerForm.INT4 ? 0.13 : 0.012);
            }
        }
    }

    /// A little better than Q4_0, whose scale is not searched for.
    @Test
    void searchingBeatsTheLargestMagnitude() {
        float[] weights = gaussian(64_00);
        float[] q4 = new float[weights.length];
        byte[] bytes = new byte[(int) DenseForm.Q4_0.bytes(weights.length)];
        DenseForm.Q4_0.encode(weights, 0, weights.length, MemorySegment.ofArray(bytes));
        DenseForm.Q4_0.decode(MemorySegment.ofArray(bytes), q4, 0, weights.length);
        float[] found = rounded(IntegerForm.INT4, new float[][] {weights}, ones(weights.length))[0];
        double ratio = error(weights, found, ones(weights.length)) / error(weights, q4, ones(weights.length));
        assertThat(ratio).isBetween(0.92, 0.96);
    }

    /// What matters less may err more.
    @Test
    void importanceDecides() {
        float[] weights = gaussian(3200);
        float[] importance = new float[weights.length];
        for (int i = 0; i < importance.length; i++) {
            importance[i] = i % 2 == 0 ? 1 : 0.01f;
        }
        float[] equal = rounded(IntegerForm.INT4, new float[][] {weights}, ones(weights.length))[0];
        float[] weighed = rounded(IntegerForm.INT4, new float[][] {weights}, importance)[0];
        assertThat(error(weights, weighed, importance)).isLessThan(0.95 * error(weights, equal, importance));
    }

    @ParameterizedTest
    @EnumSource
    void zerosStayZeros(IntegerForm form) {
        float[] mixed = gaussian(96);
        Arrays.fill(mixed, 32, 64, 0);
        float[][] decoded = rounded(form, new float[][] {new float[96], mixed, filled(96, 1e-38f)}, ones(96));
        assertThat(decoded[0]).containsOnly(0);
        assertThat(Arrays.copyOfRange(decoded[1], 32, 64)).containsOnly(0);
        assertThat(error(mixed, decoded[1], ones(96))).isLessThan(0.13);
        for (float value : decoded[2]) {
            assertThat(value).isBetween(0f, 2e-38f);
        }
    }

    private static float[] filled(int columns, float value) {
        float[] row = new float[columns];
        Arrays.fill(row, value);
        return row;
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatIsNotFinite(IntegerForm form) {
        for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
            float[] weights = gaussian(64);
            weights[40] = bad;
            assertThatIllegalArgumentException().isThrownBy(() -> rounded(form, new float[][] {weights}, ones(64)))
                    .withMessageContaining("finite");
        }
    }
}
