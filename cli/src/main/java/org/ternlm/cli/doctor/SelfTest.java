package org.ternlm.cli.doctor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.ternlm.kernel.Activations;
import org.ternlm.kernel.IntegerInput;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.TernaryKernel;
import org.ternlm.kernel.scalar.ScalarDenseKernel;
import org.ternlm.kernel.scalar.ScalarFloatKernel;
import org.ternlm.kernel.scalar.ScalarIntegerKernel;
import org.ternlm.quant.DenseForm;
import org.ternlm.quant.DenseMatrix;
import org.ternlm.quant.IntegerForm;
import org.ternlm.quant.IntegerMatrix;
import org.ternlm.quant.IntegerRounding;
import org.ternlm.quant.TernaryMatrix;

/// Whether the chosen kernels compute on this machine what plain loops compute. Compilers and processors have mistakes,
/// and a wrong sum would not crash but talk nonsense.
///
/// @param kernels the chosen ones
record SelfTest(Kernels kernels) implements Examination {
    /// Sizes around the borders of blocks, groups and vectors.
    private static final int[][] SHAPES = {{1, 1}, {31, 7}, {33, 65}, {96, 256}, {130, 511}};
    private static final int TOKENS = 5;

    @Override
    public String title() {
        return "self-test";
    }

    @Override
    public List<Finding> findings() {
        return List.of(finding("ternary", "equal to plain loops, bit for bit", () -> all(this::ternaryIsRight)),
                finding("dense", "equal to plain loops, bit for bit", () -> all(this::denseIsRight)),
                finding("integer", "equal to plain loops, bit for bit", () -> all(this::integersAreRight)),
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
        return ternaryIsRight(kernels.ternary(), rows, columns, () -> random.nextInt(-1, 2), random)
                && ternaryIsRight(kernels.signs(), rows, columns, () -> 2 * random.nextInt(2) - 1, random);
    }

    private static boolean ternaryIsRight(TernaryKernel kernel, int rows, int columns, IntSupplier weight,
            SplittableRandom random) {
        byte[] trits = new byte[rows * columns];
        for (int i = 0; i < trits.length; i++) {
            trits[i] = (byte) weight.getAsInt();
        }
        Activations activations = new Activations();
        activations.reset(TOKENS, columns);
        byte[] values = new byte[columns];
        for (int token = 0; token < TOKENS; token++) {
            for (int column = 0; column < columns; column++) {
                // The first token holds the extreme, where a narrow sum would overflow first.
                values[column] = (byte) (token == 0 ? -128 : random.nextInt(-128, 128));
            }
            activations.set(token, values, 0);
        }
        int paddedRows = TernaryKernel.paddedRows(rows);
        int[] sums = new int[TOKENS * paddedRows];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment codes = arena.allocate(kernel.packing().byteSize(rows, columns), 64);
            kernel.packing().encode(new TernaryMatrix(rows, columns, trits, 1), codes);
            activations.prepare(kernel, 0, TOKENS);
            kernel.multiply(codes, rows, 0, TernaryKernel.blocks(rows), activations, 0, TOKENS, sums);
        }
        for (int token = 0; token < TOKENS; token++) {
            for (int row = 0; row < rows; row++) {
                int sum = 0;
                for (int column = 0; column < columns; column++) {
                    sum += trits[row * columns + column] * activations.values()[token * activations.stride() + column];
                }
                if (sum != sums[token * paddedRows + row]) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean denseIsRight(int rows, int columns, SplittableRandom random) {
        for (DenseForm form : DenseForm.values()) {
            if (form != DenseForm.Q6_K && !denseIsRight(form, rows, columns / form.unitWeights() * form.unitWeights(),
                    random)) {
                return false;
            }
        }
        return true;
    }

    private boolean denseIsRight(DenseForm form, int rows, int columns, SplittableRandom random) {
        if (columns == 0) {
            return true;
        }
        float[] x = floats(TOKENS * columns, random);
        float[] y = new float[TOKENS * rows];
        float[] plain = new float[TOKENS * rows];
        try (Arena arena = Arena.ofConfined()) {
            long rowBytes = form.bytes(columns);
            MemorySegment data = arena.allocate(rows * rowBytes, 64);
            float[] scales = new float[rows];
            for (int row = 0; row < rows; row++) {
                scales[row] = form.encode(floats(columns, random), 0, columns, data.asSlice(row * rowBytes, rowBytes));
            }
            DenseMatrix weights = new DenseMatrix(form, rows, columns, data,
                    form.hasRowScales() ? scales : new float[0]);
            kernels.dense().multiply(weights, 0, rows, x, TOKENS, y);
            new ScalarDenseKernel().multiply(weights, 0, rows, x, TOKENS, plain);
        }
        return Arrays.equals(y, plain);
    }

    private boolean integersAreRight(int rows, int columns, SplittableRandom random) {
        float[] importance = new float[columns];
        Arrays.fill(importance, 1);
        int inBlock = IntegerForm.BLOCK_ROWS;
        for (IntegerForm form : IntegerForm.values()) {
            try (Arena arena = Arena.ofConfined()) {
                IntegerMatrix weights = new IntegerMatrix(form, rows, columns, arena.allocate(form.bytes(rows, columns),
                        64), new float[rows]);
                IntegerRounding rounding = new IntegerRounding(form, importance);
                for (int block = 0; block < weights.blocks(); block++) {
                    int count = Math.min(inBlock, rows - block * inBlock);
                    rounding.encode(floats(count * columns, random), count, block, weights.data(), weights.rowScales());
                }
                IntegerInput input = new IntegerInput(form, floats(TOKENS * columns, random), TOKENS, columns,
                        new ScalarFloatKernel());
                float[] y = new float[TOKENS * rows];
                float[] plain = new float[TOKENS * rows];
                kernels.integers().multiply(weights, 0, weights.blocks(), input, y);
                new ScalarIntegerKernel().multiply(weights, 0, weights.blocks(), input, plain);
                if (!Arrays.equals(y, plain)) {
                    return false;
                }
            }
        }
        return true;
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
