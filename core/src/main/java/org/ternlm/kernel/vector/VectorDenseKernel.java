package org.ternlm.kernel.vector;

import org.ternlm.kernel.DenseKernel;
import org.ternlm.quant.DenseForm;
import org.ternlm.quant.DenseMatrix;

/// [DenseKernel] with vectors. One token takes its weights straight from memory, row by row ([RowProduct]); for several,
/// a stretch of four rows is decoded into the first-level cache ([WeightTile]) and multiplied with up to 32 of them
/// ([TileProduct]).
final class VectorDenseKernel implements DenseKernel {
    private static final int ROWS = TileProduct.ROWS;
    private static final int TOKENS = 32;

    @Override
    public String name() {
        return "vector-" + Species.SHAPE.vectorBitSize();
    }

    @Override
    public void multiply(DenseMatrix weights, int fromRow, int toRow, float[] x, int tokens, float[] y) {
        if (tokens == 1 && weights.form() != DenseForm.Q6_K) {
            LaneSums sums = new LaneSums(1, 1);
            for (int row = fromRow; row < toRow; row++) {
                multiplyOne(weights, row, x, sums, y);
            }
            return;
        }
        LaneSums sums = new LaneSums(2 * ROWS, Math.min(tokens, TOKENS) * ROWS);
        float[] tile = new float[ROWS * STRETCH];
        for (int row = fromRow; row < toRow; row += ROWS) {
            int rows = Math.min(ROWS, toRow - row);
            for (int token = 0; token < tokens; token += TOKENS) {
                multiplyMany(weights, row, rows, x, token, Math.min(tokens, token + TOKENS), tile, sums, y);
            }
        }
    }

    private static void multiplyOne(DenseMatrix weights, int row, float[] x, LaneSums sums, float[] y) {
        sums.clear();
        DenseForm form = weights.form();
        long start = row * weights.rowBytes();
        int whole = whole(weights);
        for (int column = 0; column < whole; column += STRETCH) {
            RowProduct.add(form, weights.data(), start + form.bytes(column), x, column, groups(column, whole), sums);
        }
        store(weights, row, 1, x, 0, 1, sums, y);
    }

    private static void multiplyMany(DenseMatrix weights, int row, int rows, float[] x, int fromToken, int toToken,
            float[] tile, LaneSums sums, float[] y) {
        sums.clear();
        DenseForm form = weights.form();
        int columns = weights.columns();
        int whole = whole(weights);
        for (int column = 0; column < whole; column += STRETCH) {
            int groups = groups(column, whole);
            for (int i = 0; i < rows; i++) {
                long at = (row + i) * weights.rowBytes() + form.bytes(column);
                WeightTile.unpack(form, weights.data(), at, groups * (LANES / WeightVectors.HALF_LANES), tile,
                        i * STRETCH);
            }
            int token = fromToken;
            for (; token + 1 < toToken; token += 2) {
                TileProduct.addTwo(tile, x, token * columns + column, columns, groups, sums,
                        (token - fromToken) * ROWS);
            }
            if (token < toToken) {
                TileProduct.addOne(tile, x, token * columns + column, groups, sums, (token - fromToken) * ROWS);
            }
        }
        store(weights, row, rows, x, fromToken, toToken, sums, y);
    }

    /// Adds the columns after the last whole group, and writes the results.
    private static void store(DenseMatrix weights, int row, int rows, float[] x, int fromToken, int toToken,
            LaneSums sums, float[] y) {
        int columns = weights.columns();
        int whole = whole(weights);
        float[] rest = new float[columns - whole];
        for (int i = 0; i < rows; i++) {
            if (rest.length > 0) {
                weights.form().decode(weights.data().asSlice((row + i) * weights.rowBytes()
                        + weights.form().bytes(whole)), rest, 0, rest.length);
            }
            for (int token = fromToken; token < toToken; token++) {
                int sum = (token - fromToken) * ROWS + i;
                for (int c = 0; c < rest.length; c++) {
                    sums.addLast(sum, (double) rest[c] * x[token * columns + whole + c]);
                }
                y[token * weights.rows() + row + i] = sums.total(sum, weights.rowScale(row + i));
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
