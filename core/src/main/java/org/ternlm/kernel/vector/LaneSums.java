package org.ternlm.kernel.vector;

import static jdk.incubator.vector.VectorOperators.F2D;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.ternlm.kernel.DenseKernel;

/// Adds the float lanes of a stretch to eight doubles, lane `l` to number `l mod 8`, the lower lanes first: the order of
/// [DenseKernel], whatever the width. Lanes pass through an array, since vectors are cut in two faster there.
///
/// One thread at a time.
final class LaneSums {
    private static final VectorSpecies<Double> DOUBLE = Species.DOUBLE;
    /// As many floats as doubles in a vector.
    private static final VectorSpecies<Float> FLOAT = VectorSpecies.of(float.class,
            VectorShape.forBitSize(Math.max(64, Species.SHAPE.vectorBitSize() / 2)));
    private static final int SUMS = DenseKernel.SUMS;

    private final float[] lanes;
    private final double[] sums;

    /// @param slots vectors of 32 lanes that can be put there before they are added
    /// @param count sums that can be made side by side
    LaneSums(int slots, int count) {
        lanes = new float[slots * DenseKernel.LANES];
        sums = new double[count * SUMS];
    }

    /// Begins anew.
    void clear() {
        Arrays.fill(sums, 0);
    }

    /// What [#put] writes to, 32 lanes a slot. Loops behind which C2 inlines nothing would box what they pass to that.
    float[] lanes() {
        return lanes;
    }

    /// Puts lanes into a slot for [#add].
    ///
    /// @param lane the first of the 32 that the vector holds
    void put(int slot, FloatVector vector, int lane) {
        vector.intoArray(lanes, slot * DenseKernel.LANES + lane);
    }

    /// Adds the first `slots` slots, one to each sum from number `sum` on.
    void add(int slots, int sum) {
        for (int slot = 0; slot < slots; slot++) {
            int start = slot * DenseKernel.LANES;
            for (int lane = 0; lane < DenseKernel.LANES; lane += DOUBLE.length()) {
                addTo(sum + slot, FloatVector.fromArray(FLOAT, lanes, start + lane), lane);
            }
        }
    }

    private void addTo(int sum, FloatVector floats, int lane) {
        int index = sum * SUMS + lane % SUMS;
        DoubleVector.fromArray(DOUBLE, sums, index).add((DoubleVector) floats.convertShape(F2D, DOUBLE, 0))
                .intoArray(sums, index);
    }

    /// Adds one product after the last stretch.
    void addLast(int sum, double product) {
        sums[sum * SUMS] += product;
    }

    float total(int sum, float rowScale) {
        return DenseKernel.total(sums, sum * SUMS, rowScale);
    }
}
