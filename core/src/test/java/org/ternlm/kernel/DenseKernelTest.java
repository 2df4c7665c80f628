package org.ternlm.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ternlm.kernel.scalar.ScalarDenseKernel;
import org.ternlm.tensor.BFloat16;
import org.ternlm.tensor.DType;

@Tag("kernel")
class DenseKernelTest {
    private static final int[] COLUMNS = {1, 2, 3, 15, 16, 17, 31, 63, 64, 65, 127, 200, 1029};

    static Stream<DenseKernel> kernels() {
        return Stream.of(new ScalarDenseKernel(), VectorWidth.kernels().dense());
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void equalsADoubleSumForEveryTypeAndAwkwardWidths(DenseKernel kernel) {
        Random random = new Random(3);
        for (DType type : new DType[] {DType.F32, DType.BF16, DType.F16}) {
            for (int columns : COLUMNS) {
                checkAgainstDouble(kernel, type, 5, columns, 3, random);
            }
        }
    }

    private static void checkAgainstDouble(DenseKernel kernel, DType type, int rows, int columns, int tokens,
            Random random) {
        try (Arena arena = Arena.ofConfined()) {
            // An odd offset: in a file nothing is aligned.
            MemorySegment weights = arena.allocate((long) rows * columns * type.bytes() + 1).asSlice(1);
            float[] values = new float[rows * columns];
            for (int i = 0; i < values.length; i++) {
                // Small ones are subnormal in half precision.
                values[i] = put(weights, type, i, (float) (random.nextGaussian() * (i % 7 == 0 ? 1e-6 : 1)));
            }
            float[] x = new float[tokens * columns];
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) random.nextGaussian();
            }
            float[] y = new float[tokens * rows];
            kernel.multiply(weights, type, rows, columns, 0, rows, x, tokens, y);
            float[] apart = new float[rows];
            for (int token = 0; token < tokens; token++) {
                kernel.multiply(weights, type, rows, columns, 1, rows,
                        Arrays.copyOfRange(x, token * columns, (token + 1) * columns), 1, apart);
                for (int row = 0; row < rows; row++) {
                    double sum = 0;
                    for (int c = 0; c < columns; c++) {
                        sum += (double) values[row * columns + c] * x[token * columns + c];
                    }
                    assertThat((double) y[token * rows + row]).as("%s %s %d columns", kernel.name(), type, columns)
                            .isCloseTo(sum, within(2e-6 * Math.sqrt(columns) + 1e-6));
                    assertThat(apart[row]).as("the same bits whatever the batch")
                            .isEqualTo(row == 0 ? 0 : y[token * rows + row]);
                }
            }
        }
    }

    private static float put(MemorySegment weights, DType type, int index, float value) {
        switch (type) {
            case F32 -> weights.set(ValueLayout.JAVA_FLOAT_UNALIGNED, index * 4L, value);
            case BF16 -> weights.set(ValueLayout.JAVA_SHORT_UNALIGNED, index * 2L, BFloat16.fromFloat(value));
            default -> weights.set(ValueLayout.JAVA_SHORT_UNALIGNED, index * 2L, Float.floatToFloat16(value));
        }
        return switch (type) {
            case F32 -> value;
            case BF16 -> BFloat16.toFloat(BFloat16.fromFloat(value));
            default -> Float.float16ToFloat(Float.floatToFloat16(value));
        };
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void refusesTypesThatAreNoWeights(DenseKernel kernel) {
        assertThatThrownBy(() -> kernel.multiply(MemorySegment.ofArray(new byte[8]), DType.U8, 1, 8, 0, 1,
                new float[8], 1, new float[1])).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("U8");
    }
}
