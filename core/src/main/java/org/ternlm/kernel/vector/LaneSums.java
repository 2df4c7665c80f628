package org.ternlm.kernel.vector;

import static jdk.incubator.vector.VectorOperators.F2D;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.ternlm.kernel.DenseKernel;

/// Adds the float lanes of a stretch to eight doubles, lane `l` to number `l mod 8`, the lower lanes first:
/// the order of [DenseKernel], whatever the width.
final class LaneSums {
    private static final VectorSpecies<Double> DOUBLE = Species.DOUBLE;

    private LaneSums() {}

    /// @param part the first of the 16 lanes that the vectors hold
    /// @param sums of four rows, eight each, from `at` on
    static void add(FloatVector lanes0, FloatVector lanes1, FloatVector lanes2, FloatVector lanes3, int part,
            double[] sums, int at) {
        add(lanes0, part, sums, at);
        add(lanes1, part, sums, at + DenseKernel.SUMS);
        add(lanes2, part, sums, at + 2 * DenseKernel.SUMS);
        add(lanes3, part, sums, at + 3 * DenseKernel.SUMS);
    }

    /// @param at where the eight sums begin
    static void add(FloatVector lanes, int part, double[] sums, int at) {
        addHalf((DoubleVector) lanes.convertShape(F2D, DOUBLE, 0), part, sums, at);
        addHalf((DoubleVector) lanes.convertShape(F2D, DOUBLE, 1), part + DOUBLE.length(), sums, at);
    }

    private static void addHalf(DoubleVector half, int lane, double[] sums, int at) {
        int index = at + lane % DenseKernel.SUMS;
        DoubleVector.fromArray(DOUBLE, sums, index).add(half).intoArray(sums, index);
    }
}
