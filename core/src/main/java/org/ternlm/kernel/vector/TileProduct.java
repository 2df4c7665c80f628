package org.ternlm.kernel.vector;

import static org.ternlm.kernel.vector.WeightVectors.FLOAT;
import static org.ternlm.kernel.vector.WeightVectors.LANES;

import jdk.incubator.vector.FloatVector;
import org.ternlm.kernel.DenseKernel;

/// Four decoded rows of a stretch times one or two tokens. Eight sums side by side read six vectors for eight
/// multiply-adds, which no load port holds up.
final class TileProduct {
    private static final int GROUP = DenseKernel.LANES;

    private TileProduct() {}

    /// @param tile four rows, [DenseKernel#STRETCH] floats each
    /// @param xAt where the stretch of the token begins
    /// @param sums of four rows, eight doubles each, from `at` on
    static void addOne(float[] tile, float[] x, int xAt, int groups, double[] sums, int at) {
        for (int part = 0; part < GROUP; part += LANES) {
            FloatVector sum0 = FloatVector.zero(FLOAT);
            FloatVector sum1 = sum0;
            FloatVector sum2 = sum0;
            FloatVector sum3 = sum0;
            for (int g = 0; g < groups; g++) {
                int column = GROUP * g + part;
                FloatVector input = FloatVector.fromArray(FLOAT, x, xAt + column);
                sum0 = row(tile, 0, column).fma(input, sum0);
                sum1 = row(tile, 1, column).fma(input, sum1);
                sum2 = row(tile, 2, column).fma(input, sum2);
                sum3 = row(tile, 3, column).fma(input, sum3);
            }
            LaneSums.add(sum0, sum1, sum2, sum3, part, sums, at);
        }
    }

    /// The sums of the second token, whose stretch begins at `xAt + columns`, follow those of the first.
    static void addTwo(float[] tile, float[] x, int xAt, int columns, int groups, double[] sums, int at) {
        for (int part = 0; part < GROUP; part += LANES) {
            FloatVector sum0 = FloatVector.zero(FLOAT);
            FloatVector sum1 = sum0;
            FloatVector sum2 = sum0;
            FloatVector sum3 = sum0;
            FloatVector next0 = sum0;
            FloatVector next1 = sum0;
            FloatVector next2 = sum0;
            FloatVector next3 = sum0;
            for (int g = 0; g < groups; g++) {
                int column = GROUP * g + part;
                FloatVector input = FloatVector.fromArray(FLOAT, x, xAt + column);
                FloatVector next = FloatVector.fromArray(FLOAT, x, xAt + columns + column);
                FloatVector row0 = row(tile, 0, column);
                FloatVector row1 = row(tile, 1, column);
                FloatVector row2 = row(tile, 2, column);
                FloatVector row3 = row(tile, 3, column);
                sum0 = row0.fma(input, sum0);
                sum1 = row1.fma(input, sum1);
                sum2 = row2.fma(input, sum2);
                sum3 = row3.fma(input, sum3);
                next0 = row0.fma(next, next0);
                next1 = row1.fma(next, next1);
                next2 = row2.fma(next, next2);
                next3 = row3.fma(next, next3);
            }
            LaneSums.add(sum0, sum1, sum2, sum3, part, sums, at);
            LaneSums.add(next0, next1, next2, next3, part, sums, at + 4 * DenseKernel.SUMS);
        }
    }

    private static FloatVector row(float[] tile, int row, int column) {
        return FloatVector.fromArray(FLOAT, tile, row * DenseKernel.STRETCH + column);
    }
}
