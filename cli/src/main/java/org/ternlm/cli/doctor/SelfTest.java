package org.ternlm.cli.doctor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.TernaryKernel;
import org.ternlm.kernel.scalar.ScalarFloatKernel;
import org.ternlm.quant.TernaryMatrix;
import org.ternlm.tensor.BFloat16;
import org.ternlm.tensor.DType;

/// Whether the chosen kernels compute on this machine what plain loops compute. Compilers and processors have mistakes,
/// and a wrong sum would not crash but talk nonsense.
///
/// @param kernels the chosen ones
record SelfTest(Kernels kernels) implements Examination {
    /// Sizes around the borders of blocks, groups and vectors.
    private static final int[][] SHAPES = {{1, 1}, {31, 7}, {33, 65}, {96, 256}, {130, 511}};
    private static final int TOKENS = 5;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public String title() {
        return "self-test";
    }

    @Override
    public List<Finding> findings() {
        return List.of(finding("ternary", "equal to plain loops, bit for bit", () -> all(this::ternaryIsRight)),
                finding("dense", "equal to plain loops within rounding", () -> all(this::denseIsRight)),
                finding("float", "equal to plain loops within rounding", () -> all(this::floatsAreRight)));
    }

    private static Finding finding(String name, String success, BooleanSupplier isRight) {
        if (isRight.getAsBoolean()) {
            return Finding.fine(name, success);
        }
        return Finding.failure(name, "FAILED: differs from plain loops",
                "do not trust results; TERN_JAVA_OPTS=-Dtern.kernels=scalar avoids the kernel; please report this");
    }

    /// A test on one shape.
    private interface ShapeTest {
        boolean isRight(int rows, int columns, SplittableRandom random);
    }

    private static boolean all(ShapeTest test) {
        for (int[] shape : SHAPES) {
            if (!test.isRight(shape[0], shape[1], new SplittableRandom(shape[0]))) {
                return false;
            }
        }
        return true;
    }

    private boolean ternaryIsRight(int rows, int columns, SplittableRandom random) {
        TernaryKernel kernel = kernels.ternary();
        byte[] trits = new byte[rows * columns];
        for (int i = 0; i < trits.length; i++) {
            trits[i] = (byte) random.nextInt(-1, 2);
        }
        int stride = kernel.paddedColumns(columns);
        byte[] activations = new byte[TOKENS * stride];
        int[] totals = new int[TOKENS];
        for (int token = 0; token < TOKENS; token++) {
            for (int column = 0; column < columns; column++) {
                // The first token holds the extreme, where a narrow sum would overflow first.
                int value = token == 0 ? -128 : random.nextInt(-128, 128);
                activations[token * stride + column] = (byte) value;
                totals[token] += value;
            }
        }
        int paddedRows = TernaryKernel.paddedRows(rows);
        int[] sums = new int[TOKENS * paddedRows];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment codes = arena.allocate(kernel.packing().byteSize(rows, columns), 64);
            kernel.packing().encode(new TernaryMatrix(rows, columns, trits, 1), codes);
            kernel.multiply(codes, rows, columns, 0, TernaryKernel.blocks(rows), activations, totals, TOKENS, sums);
        }
        for (int token = 0; token < TOKENS; token++) {
            for (int row = 0; row < rows; row++) {
                int sum = 0;
                for (int column = 0; column < columns; column++) {
                    sum += trits[row * columns + column] * activations[token * stride + column];
                }
                if (sum != sums[token * paddedRows + row]) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean denseIsRight(int rows, int columns, SplittableRandom random) {
        return denseIsRight(DType.F32, rows, columns, random) && denseIsRight(DType.BF16, rows, columns, random)
                && denseIsRight(DType.F16, rows, columns, random);
    }

    private boolean denseIsRight(DType type, int rows, int columns, SplittableRandom random) {
        float[] x = floats(TOKENS * columns, random);
        float[] y = new float[TOKENS * rows];
        float[] plain = new float[rows * columns];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment weights = arena.allocate(4L * rows * columns, 64);
            for (int i = 0; i < plain.length; i++) {
                plain[i] = store(weights, type, i, (float) random.nextDouble(-1, 1));
            }
            kernels.dense().multiply(weights, type, rows, columns, 0, rows, x, TOKENS, y);
        }
        for (int token = 0; token < TOKENS; token++) {
            for (int row = 0; row < rows; row++) {
                double sum = 0;
                for (int column = 0; column < columns; column++) {
                    sum += (double) plain[row * columns + column] * x[token * columns + column];
                }
                if (!(Math.abs(sum - y[token * rows + row]) <= 1e-5 * Math.sqrt(columns))) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Writes a weight and returns what it is after rounding to its type.
    private static float store(MemorySegment weights, DType type, long index, float value) {
        return switch (type) {
            case BF16 -> {
                short bits = (short) (Float.floatToRawIntBits(value) >>> 16);
                weights.set(SHORT, 2 * index, bits);
                yield BFloat16.toFloat(bits);
            }
            case F16 -> {
                short bits = Float.floatToFloat16(value);
                weights.set(SHORT, 2 * index, bits);
                yield Float.float16ToFloat(bits);
            }
            default -> {
                weights.set(FLOAT, 4 * index, value);
                yield value;
            }
        };
    }

    private boolean floatsAreRight(int rows, int columns, SplittableRandom random) {
        return new FloatComparison(kernels.floats(), new ScalarFloatKernel(), columns).isEqual(random);
    }

    static float[] floats(int size, SplittableRandom random) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }
}
