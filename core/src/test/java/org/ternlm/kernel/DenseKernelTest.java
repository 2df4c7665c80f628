package org.ternlm.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ternlm.kernel.scalar.ScalarDenseKernel;
import org.ternlm.quant.DenseForm;
import org.ternlm.quant.DenseMatrix;

/// Every form: the plain loops against a sum in double, within the bound that the interface states, and the vectors
/// against the plain loops, to the bit.
@Tag("kernel")
class DenseKernelTest {
    private static final int[] COLUMNS = {1, 2, 15, 16, 31, 32, 33, 64, 65, 127, 256, 512, 800, 1023, 1024, 1025, 1280,
            2053};

    private final Random random = new Random(3);

    /// Weights whose blocks or rows are of very different sizes, with zeros and numbers that are subnormal in half
    /// precision among them, at an odd address: in a file nothing is aligned.
    private DenseMatrix matrix(DenseForm form, int rows, int columns, Arena arena) {
        long rowBytes = form.bytes(columns);
        MemorySegment data = arena.allocate(rows * rowBytes + 1).asSlice(1);
        float[] scales = new float[form.hasRowScales() ? rows : 0];
        for (int row = 0; row < rows; row++) {
            MemorySegment target = data.asSlice(row * rowBytes, rowBytes);
            if (form == DenseForm.Q6_K) {
                fillQ6(target);
                continue;
            }
            float[] weights = new float[columns];
            for (int c = 0; c < columns; c++) {
                double size = switch (c / 32 % 4) {
                    case 0 -> 1;
                    case 1 -> 1e-6;
                    case 2 -> 0;
                    default -> 300;
                };
                weights[c] = (float) (random.nextGaussian() * size * (c % 7 == 0 ? 1e-3 : 1));
            }
            float scale = form.encode(weights, 0, columns, target);
            if (form.hasRowScales()) {
                scales[row] = scale;
            }
        }
        return new DenseMatrix(form, rows, columns, data, scales);
    }

    private void fillQ6(MemorySegment row) {
        byte[] bytes = new byte[(int) row.byteSize()];
        random.nextBytes(bytes);
        for (int i = 208; i < bytes.length; i += 210) {
            MemorySegment.ofArray(bytes).set(ValueLayout.JAVA_SHORT_UNALIGNED, i,
                    Float.floatToFloat16((float) random.nextGaussian()));
        }
        MemorySegment.copy(bytes, 0, row, ValueLayout.JAVA_BYTE, 0, bytes.length);
    }

    private float[] inputs(int count) {
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = (float) random.nextGaussian() * (i % 50 == 0 ? 1000 : 1);
        }
        return x;
    }

    private static boolean fits(DenseForm form, int columns) {
        return columns % form.unitWeights() == 0;
    }

    @ParameterizedTest
    @EnumSource
    void plainLoopsAreWithinTheirBound(DenseForm form) {
        for (int columns : COLUMNS) {
            if (fits(form, columns)) {
                try (Arena arena = Arena.ofConfined()) {
                    DenseMatrix matrix = matrix(form, 5, columns, arena);
                    float[] x = inputs(2 * columns);
                    float[] y = new float[2 * 5];
                    new ScalarDenseKernel().multiply(matrix, 0, 5, x, 2, y);
                    checkBound(matrix, x, y);
                }
            }
        }
    }

    private static void checkBound(DenseMatrix matrix, float[] x, float[] y) {
        int columns = matrix.columns();
        float[] weights = new float[columns];
        for (int row = 0; row < matrix.rows(); row++) {
            matrix.form().decode(matrix.data().asSlice(row * matrix.rowBytes()), weights, 0, columns);
            for (int token = 0; token < 2; token++) {
                double sum = 0;
                double size = 0;
                for (int c = 0; c < columns; c++) {
                    double product = (double) weights[c] * x[token * columns + c] * matrix.rowScale(row);
                    sum += product;
                    size += Math.abs(product);
                }
                double bound = 0x1p-19 * size + 0x1p-24 * Math.abs(sum) + Float.MIN_VALUE;
                assertThat(Math.abs(y[token * matrix.rows() + row] - sum)).as("%s, %d columns", matrix.form(), columns)
                        .isLessThanOrEqualTo(bound);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void vectorsGiveTheSameBitsAsPlainLoops(DenseForm form) {
        DenseKernel vectors = VectorWidth.kernels().dense();
        for (int columns : COLUMNS) {
            if (fits(form, columns)) {
                for (int rows : new int[] {1, 3, 4, 7}) {
                    try (Arena arena = Arena.ofConfined()) {
                        checkSameBits(vectors, matrix(form, rows, columns, arena));
                    }
                }
            }
        }
    }

    private void checkSameBits(DenseKernel vectors, DenseMatrix matrix) {
        int rows = matrix.rows();
        int columns = matrix.columns();
        for (int tokens : new int[] {1, 2, 5, 67}) {
            float[] x = inputs(tokens * columns);
            float[] expected = new float[tokens * rows];
            float[] y = new float[tokens * rows];
            new ScalarDenseKernel().multiply(matrix, 0, rows, x, tokens, expected);
            vectors.multiply(matrix, 0, rows, x, tokens, y);
            assertThat(y).as("%s, %d rows, %d columns, %d tokens", matrix.form(), rows, columns, tokens)
                    .containsExactly(expected);
        }
    }

    /// A call for some rows leaves the others alone, and what a row and token get does not depend on the call.
    @ParameterizedTest
    @EnumSource
    void rowsAndTokensApartGiveTheSameBits(DenseForm form) {
        DenseKernel vectors = VectorWidth.kernels().dense();
        int rows = 11;
        int tokens = 6;
        int columns = form == DenseForm.Q6_K ? 768 : 608;
        try (Arena arena = Arena.ofConfined()) {
            DenseMatrix matrix = matrix(form, rows, columns, arena);
            float[] x = inputs(tokens * columns);
            float[] together = new float[tokens * rows];
            vectors.multiply(matrix, 0, rows, x, tokens, together);
            for (int token = 0; token < tokens; token++) {
                float[] apart = new float[rows];
                Arrays.fill(apart, -1);
                vectors.multiply(matrix, 3, 8, Arrays.copyOfRange(x, token * columns, (token + 1) * columns), 1,
                        apart);
                for (int row = 0; row < rows; row++) {
                    assertThat(apart[row]).isEqualTo(row < 3 || row >= 8 ? -1 : together[token * rows + row]);
                }
            }
        }
    }

    /// Halves of all bits that are finite, times one.
    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void readsEveryHalf(DenseForm form) {
        try (Arena arena = Arena.ofConfined()) {
            // As many as a vector loop takes at once: fewer would only go through what is left over.
            int columns = DenseKernel.LANES;
            int rows = 65536 / columns;
            MemorySegment data = arena.allocate(65536 * 2);
            for (int i = 0; i < 65536; i++) {
                boolean finite = form == DenseForm.F16 ? (i & 0x7C00) != 0x7C00 : (i & 0x7F80) != 0x7F80;
                data.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (finite ? i : 0));
            }
            DenseMatrix matrix = new DenseMatrix(form, rows, columns, data);
            float[] weights = matrix.floats();
            for (int lane = 0; lane < columns; lane++) {
                float[] x = new float[columns];
                x[lane] = 1;
                float[] y = new float[rows];
                VectorWidth.kernels().dense().multiply(matrix, 0, rows, x, 1, y);
                for (int row = 0; row < rows; row++) {
                    if (y[row] != weights[row * columns + lane]) {
                        assertThat(y[row]).isEqualTo(weights[row * columns + lane]);
                    }
                }
            }
        }
    }

    /// What is not finite stays so: nobody may take it for a result.
    @ParameterizedTest
    @EnumSource
    void infiniteInputsShow(DenseForm form) {
        try (Arena arena = Arena.ofConfined()) {
            DenseMatrix matrix = matrix(form, 4, 256, arena);
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
                float[] x = inputs(256);
                x[100] = bad;
                float[] y = new float[4];
                VectorWidth.kernels().dense().multiply(matrix, 0, 4, x, 1, y);
                for (float result : y) {
                    assertThat(result).isNotFinite();
                }
            }
        }
    }
}
