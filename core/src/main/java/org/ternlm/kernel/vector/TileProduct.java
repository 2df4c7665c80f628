package org.ternlm.kernel.vector;

import static org.ternlm.kernel.vector.WeightVectors.FLOAT;
import static org.ternlm.kernel.vector.WeightVectors.WIDTH;

import jdk.incubator.vector.FloatVector;
import org.ternlm.kernel.DenseKernel;

/// Four decoded rows of a stretch times one or two tokens. Eight sums side by side read six vectors for eight
/// multiply-adds, which no load port holds up.
final class TileProduct {
    /// Rows of a tile.
    static final int ROWS = 4;
    private static final int GROUP = DenseKernel.LANES;

    private TileProduct() {}

    /// @param tile four rows, [DenseKernel#STRETCH] floats each
    /// @param xAt where the stretch of the token begins
    /// @param groups of 32 columns
    /// @param sum the number of the first row's sum; those of the others follow
    static void addOne(float[] tile, float[] x, int xAt, int groups, LaneSums sums, int sum) {
        for (int part = 0; part < GROUP; part += WIDTH) {
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
            put(0, sum0, sum1, sum2, sum3, part, sums);
        }
        sums.add(ROWS, sum);
    }

    /// The second token, whose stretch begins at `xAt + columns`, has the next four sums.
    static void addTwo(float[] tile, float[] x, int xAt, int columns, int groups, LaneSums sums, int sum) {
        for (int part = 0; part < GROUP; part += WIDTH) {
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
            put(0, sum0, sum1, sum2, sum3, part, sums);
            put(ROWS, next0, next1, next2, next3, part, sums);
        }
        sums.add(2 * ROWS, sum);
    }

    private static FloatVector row(float[] tile, int row, int column) {
        return FloatVector.fromArray(FLOAT, tile, row * DenseKernel.STRETCH + column);
    }

    private static void put(int slot, FloatVector sum0, FloatVector sum1, FloatVector sum2, FloatVector sum3, int part,
            LaneSums sums) {
        sums.put(slot, sum0, part);
        sums.put(slot + 1, sum1, part);
        sums.put(slot + 2, sum2, part);
        sums.put(slot + 3, sum3, part);
    }
}
