package org.ternlm.kernel.scalar;

import java.util.Arrays;
import org.ternlm.kernel.DenseKernel;
import org.ternlm.quant.DenseMatrix;

/// [DenseKernel] as its equations stand: each row is decoded once and multiplied with every token.
public final class ScalarDenseKernel implements DenseKernel {

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public void multiply(DenseMatrix weights, int fromRow, int toRow, float[] x, int tokens, float[] y) {
        int columns = weights.columns();
        float[] row = new float[columns];
        float[] lanes = new float[LANES];
        double[] sums = new double[SUMS];
        for (int r = fromRow; r < toRow; r++) {
            weights.form().decode(weights.data().asSlice(r * weights.rowBytes()), row, 0, columns);
            for (int token = 0; token < tokens; token++) {
                sum(row, x, token * columns, lanes, sums);
                y[token * weights.rows() + r] = DenseKernel.total(sums, 0, weights.rowScale(r));
            }
        }
    }

    private static void sum(float[] row, float[] x, int xStart, float[] lanes, double[] sums) {
        int whole = row.length / LANES * LANES;
        Arrays.fill(sums, 0);
        for (int start = 0; start < whole; start += STRETCH) {
            Arrays.fill(lanes, 0);
            for (int c = start; c < Math.min(whole, start + STRETCH); c += LANES) {
                for (int lane = 0; lane < LANES; lane++) {
                    lanes[lane] = Math.fma(row[c + lane], x[xStart + c + lane], lanes[lane]);
                }
            }
            for (int lane = 0; lane < LANES; lane++) {
                sums[lane % SUMS] += lanes[lane];
            }
        }
        for (int c = whole; c < row.length; c++) {
            sums[0] += (double) row[c] * x[xStart + c];
        }
    }
}
