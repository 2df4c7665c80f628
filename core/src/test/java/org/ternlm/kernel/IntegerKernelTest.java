package org.ternlm.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ternlm.kernel.scalar.ScalarFloatKernel;
import org.ternlm.kernel.scalar.ScalarIntegerKernel;
import org.ternlm.quant.IntegerForm;
import org.ternlm.quant.IntegerMatrix;

/// Both forms: the plain loops against sums of decoded weights, and the vectors against the plain loops, to the bit.
@Tag("kernel")
class IntegerKernelTest {
    private static final int[] COLUMNS = {1, 3, 4, 31, 32, 33, 64, 127, 160, 800, 2560};
    private static final int[] ROWS = {1, 15, 16, 17, 64, 83, 150};

    private final Random random = new Random(5);

    /// Any bits are codes; factors have all signs and sizes.
    private IntegerMatrix matrix(IntegerForm form, int rows, int columns, Arena arena) {
        byte[] bytes = new byte[(int) form.bytes(rows, columns)];
        random.nextBytes(bytes);
        MemorySegment data = arena.allocate(bytes.length, 64);
        MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
        for (int block = 0; block < Math.ceilDiv(rows, 16); block++) {
            MemorySegment factors = data.asSlice(block * form.blockBytes(columns), form.factorBytes(columns));
            for (long i = 0; i < factors.byteSize(); i++) {
                factors.set(ValueLayout.JAVA_BYTE, i, (byte) (random.nextInt(255) - 127));
            }
        }
        float[] scales = new float[rows];
        for (int row = 0; row < rows; row++) {
            scales[row] = random.nextFloat();
        }
        return new IntegerMatrix(form, rows, columns, data, scales);
    }

    private IntegerInput input(IntegerForm form, int tokens, int columns) {
        float[] x = new float[tokens * columns];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return new IntegerInput(form, x, tokens, columns, new ScalarFloatKernel());
    }

    @ParameterizedTest
    @EnumSource
    void plainLoopsAddDecodedWeights(IntegerForm form) {
        for (int columns : COLUMNS) {
            try (Arena arena = Arena.ofConfined()) {
                IntegerMatrix matrix = matrix(form, 19, columns, arena);
                IntegerInput input = input(form, 2, columns);
                float[] y = new float[2 * 19];
                new ScalarIntegerKernel().multiply(matrix, 0, matrix.blocks(), input, y);
                float[] weights = new float[columns];
                for (int row = 0; row < 19; row++) {
                    matrix.decodeRow(row, weights);
                    for (int token = 0; token < 2; token++) {
                        double sum = 0;
                        double size = 0;
                        for (int c = 0; c < columns; c++) {
                            double product = (double) weights[c] * input.quantized()[token * input.stride() + c];
                            sum += product / input.multiplier(token);
                            size += Math.abs(product / input.multiplier(token));
                        }
                        assertThat(Math.abs(y[token * 19 + row] - sum)).as("%s, %d columns", form, columns)
                                .isLessThanOrEqualTo(0x1p-22 * size);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void vectorsGiveTheSameBitsAsPlainLoops(IntegerForm form) {
        IntegerKernel vectors = VectorWidth.kernels().integers();
        for (int columns : COLUMNS) {
            for (int rows : ROWS) {
                try (Arena arena = Arena.ofConfined()) {
                    checkSameBits(vectors, matrix(form, rows, columns, arena));
                }
            }
        }
    }

    private void checkSameBits(IntegerKernel vectors, IntegerMatrix matrix) {
        for (int tokens : new int[] {1, 2, 4, 7}) {
            IntegerInput input = input(matrix.form(), tokens, matrix.columns());
            float[] expected = new float[tokens * matrix.rows()];
            float[] y = new float[tokens * matrix.rows()];
            new ScalarIntegerKernel().multiply(matrix, 0, matrix.blocks(), input, expected);
            vectors.multiply(matrix, 0, matrix.blocks(), input, y);
            assertThat(y)
                    .as("%s, %d rows, %d columns, %d tokens", matrix.form(), matrix.rows(), matrix.columns(), tokens)
                    .containsExactly(expected);
        }
    }

    /// The largest sums that there can be, of either sign: 16 bits hold those of a group, 32 bits that of a row.
    @ParameterizedTest
    @EnumSource
    void theLargestSumsDoNotOverflow(IntegerForm form) {
        int columns = form.mostColumns();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(form.bytes(16, columns), 64);
            // Code 0 is -8; that of -127 is 1.
            data.fill((byte) (form == IntegerForm.INT4 ? 0 : 1));
            data.asSlice(0, form.factorBytes(columns)).fill((byte) 127);
            float[] scales = new float[16];
            Arrays.fill(scales, 1);
            IntegerMatrix matrix = new IntegerMatrix(form, 16, columns, data, scales);
            float[] x = new float[columns];
            for (float sign : new float[] {1, -1}) {
                Arrays.fill(x, 127 * sign);
                IntegerInput input = new IntegerInput(form, x, 1, columns, new ScalarFloatKernel());
                double expected = -127.0 * columns * sign * (form == IntegerForm.INT4 ? 8 * 127 : 127);
                for (IntegerKernel kernel : new IntegerKernel[] {new ScalarIntegerKernel(),
                        VectorWidth.kernels().integers()}) {
                    float[] y = new float[16];
                    kernel.multiply(matrix, 0, 1, input, y);
                    assertThat(y).containsOnly((float) (expected * (1.0 / input.multiplier(0))));
                }
            }
            assertThatIllegalArgumentException().isThrownBy(() -> new IntegerMatrix(form, 16, columns + 1,
                    MemorySegment.NULL, scales)).withMessageContaining("1 to " + columns);
        }
    }

    /// A call for some blocks leaves the others alone, and what a row and token get does not depend on the call.
    @ParameterizedTest
    @EnumSource
    void blocksAndTokensApartGiveTheSameBits(IntegerForm form) {
        IntegerKernel vectors = VectorWidth.kernels().integers();
        int rows = 150;
        try (Arena arena = Arena.ofConfined()) {
            IntegerMatrix matrix = matrix(form, rows, 96, arena);
            float[] x = new float[6 * 96];
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) random.nextGaussian();
            }
            float[] together = new float[6 * rows];
            vectors.multiply(matrix, 0, matrix.blocks(), new IntegerInput(form, x, 6, 96, new ScalarFloatKernel()),
                    together);
            for (int token = 0; token < 6; token++) {
                float[] apart = new float[rows];
                Arrays.fill(apart, -1);
                float[] one = Arrays.copyOfRange(x, token * 96, (token + 1) * 96);
                vectors.multiply(matrix, 3, 9, new IntegerInput(form, one, 1, 96, new ScalarFloatKernel()), apart);
                for (int row = 0; row < rows; row++) {
                    assertThat(apart[row]).isEqualTo(row < 48 || row >= 144 ? -1 : together[token * rows + row]);
                }
            }
        }
    }

    /// What is not finite stays so: nobody may take it for a result.
    @Test
    void infiniteInputsShow() {
        try (Arena arena = Arena.ofConfined()) {
            for (IntegerForm form : IntegerForm.values()) {
                IntegerMatrix matrix = matrix(form, 16, 64, arena);
                for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
                    float[] x = new float[64];
                    x[10] = bad;
                    float[] y = new float[16];
                    VectorWidth.kernels().integers().multiply(matrix, 0, 1,
                            new IntegerInput(form, x, 1, 64, VectorWidth.kernels().floats()), y);
                    assertThat(y).containsOnly(Float.NaN);
                }
            }
        }
    }
}
