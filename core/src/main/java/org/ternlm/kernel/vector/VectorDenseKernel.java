package org.ternlm.kernel.vector;

import java.util.Arrays;
import org.ternlm.kernel.DenseKernel;
import org.ternlm.quant.DenseForm;
import org.ternlm.quant.DenseMatrix;

/// [DenseKernel] with vectors, four rows at a time. One token takes its weights straight from memory ([RowProduct]); for
/// several, a stretch of four rows is decoded into the first-level cache ([WeightTile]) and multiplied with up to 32 of
/// them ([TileProduct]).
final class VectorDenseKernel implements DenseKernel {
    private static final int ROWS = 4;
    private static final int TOKENS = 32;

    @Override
    public String name() {
        return "vector-" + Species.SHAPE.vectorBitSize();
    }

    @Override
    public void multiply(DenseMatrix weights, int fromRow, int toRow, float[] x, int tokens, float[] y) {
        if (tokens == 1 && weights.form() != DenseForm.Q6_K) {
            double[] sums = new double[2 * SUMS];
            for (int row = fromRow; row < toRow; row += 2) {
                multiplyOne(weights, row, Math.min(2, toRow - row), x, sums, y);
            }
            return;
        }
        double[] sums = new double[Math.min(tokens, TOKENS) * ROWS * SUMS];
        float[] tile = new float[ROWS * STRETCH];
        for (int row = fromRow; row < toRow; row += ROWS) {
            int rows = Math.min(ROWS, toRow - row);
            for (int token = 0; token < tokens; token += TOKENS) {
                multiplyMany(weights, row, rows, x, token, Math.min(tokens, token + TOKENS), tile, sums, y);
            }
        }
    }

    private static void multiplyOne(DenseMatrix weights, int row, int rows, float[] x, double[] sums, float[] y) {
        Arrays.fill(sums, 0);
        DenseForm form = weights.form();
        long rowBytes = weights.rowBytes();
        int whole = whole(weights);
        for (int column = 0; column < whole; column += STRETCH) {
            long at = row * rowBytes + form.bytes(column);
            // Where there is no second row, the first stands for it.
            RowProduct.add(form, weights.data(), at, at + (rows - 1) * rowBytes, x, column, groups(column, whole),
                    sums);
        }
        store(weights, row, rows, x, 0, 1, sums, y);
    }

    private static void multiplyMany(DenseMatrix weights, int row, int rows, float[] x, int fromToken, int toToken,
            float[] tile, double[] sums, float[] y) {
        Arrays.fill(sums, 0);
        DenseForm form = weights.form();
        int columns = weights.columns();
        int whole = whole(weights);
        for (int column = 0; column < whole; column += STRETCH) {
            int groups = groups(column, whole);
            for (int i = 0; i < rows; i++) {
                WeightTile.unpack(form, weights.data(), (row + i) * weights.rowBytes() + form.bytes(column), groups,
                        tile, i * STRETCH);
            }
            int token = fromToken;
            for (; token + 1 < toToken; token += 2) {
                TileProduct.addTwo(tile, x, token * columns + column, columns, groups, sums,
                        (token - fromToken) * ROWS * SUMS);
            }
            if (token < toToken) {
                TileProduct.addOne(tile, x, token * columns + column, groups, sums, (token - fromToken) * ROWS * SUMS);
            }
        }
        store(weights, row, rows, x, fromToken, toToken, sums, y);
    }

    /// Adds the columns after the last whole group, and writes the results.
    private static void store(DenseMatrix weights, int row, int rows, float[] x, int fromToken, int toToken,
            double[] sums, float[] y) {
        int columns = weights.columns();
        int whole = whole(weights);
        float[] rest = new float[columns - whole];
        for (int i = 0; i < rows; i++) {
            if (rest.length > 0) {
                weights.form().decode(weights.data().asSlice((row + i) * weights.rowBytes()
                        + weights.form().bytes(whole)), rest, 0, rest.length);
            }
            for (int token = fromToken; token < toToken; token++) {
                int at = ((token - fromToken) * ROWS + i) * SUMS;
                for (int c = 0; c < rest.length; c++) {
                    sums[at] += (double) rest[c] * x[token * columns + whole + c];
                }
                y[token * weights.rows() + row + i] = DenseKernel.total(sums, at, weights.rowScale(row + i));
            }
        }
    }

    private static int whole(DenseMatrix weights) {
        return weights.columns() / LANES * LANES;
    }

    private static int groups(int column, int whole) {
        return Math.min(STRETCH, whole - column) / LANES;
    }
}
