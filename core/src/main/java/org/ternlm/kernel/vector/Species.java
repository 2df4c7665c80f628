package org.ternlm.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The one width of vectors in this virtual machine: what the processor prefers, or `tern.vector.bits`.
final class Species {
    static final VectorShape SHAPE = shape();
    static final VectorSpecies<Float> FLOAT = VectorSpecies.of(float.class, SHAPE);
    static final VectorSpecies<Double> DOUBLE = VectorSpecies.of(double.class, SHAPE);
    static final VectorSpecies<Integer> INT = VectorSpecies.of(int.class, SHAPE);
    static final VectorSpecies<Short> SHORT = VectorSpecies.of(short.class, SHAPE);
    /// As many shorts as there are floats in a vector; the width of 64 bits exists for 128-bit floats.
    static final VectorSpecies<Short> HALF_SHORT = VectorSpecies.of(short.class,
            VectorShape.forBitSize(SHAPE.vectorBitSize() / 2));
    static final VectorSpecies<Byte> QUARTER_BYTE = SHAPE.vectorBitSize() >= 256
            ? VectorSpecies.of(byte.class, VectorShape.forBitSize(SHAPE.vectorBitSize() / 4))
            : VectorSpecies.of(byte.class, VectorShape.S_64_BIT);

    private static final int LANES = FLOAT.length();
    private static final VectorShuffle<Float> ROTATE_1 = rotation(1);
    private static final VectorShuffle<Float> ROTATE_2 = rotation(2);
    private static final VectorShuffle<Float> ROTATE_4 = rotation(4);
    private static final VectorShuffle<Float> ROTATE_8 = rotation(8);

    private Species() {}

    private static VectorShuffle<Float> rotation(int by) {
        return VectorShuffle.iota(FLOAT, by % LANES, 1, true);
    }

    /// The sum of all lanes, added in pairs that lie half a vector apart, then a quarter, and so on. The Vector API's own
    /// reduction adds in an order that it leaves open, and changes it when code is compiled: the same tokens would get
    /// other last bits after a while.
    static float sum(FloatVector vector) {
        FloatVector sums = vector;
        if (LANES >= 16) {
            sums = sums.add(sums.rearrange(ROTATE_8));
        }
        if (LANES >= 8) {
            sums = sums.add(sums.rearrange(ROTATE_4));
        }
        sums = sums.add(sums.rearrange(ROTATE_2));
        return sums.add(sums.rearrange(ROTATE_1)).lane(0);
    }

    private static VectorShape shape() {
        Integer forced = Integer.getInteger("tern.vector.bits");
        if (forced == null) {
            int preferred = Math.min(512, FloatVector.SPECIES_PREFERRED.vectorBitSize());
            return VectorShape.forBitSize(Math.max(128, preferred));
        }
        return switch (forced) {
            case 128, 256, 512 -> VectorShape.forBitSize(forced);
            default -> throw new IllegalArgumentException("tern.vector.bits: expected 128, 256 or 512, found "
                    + forced);
        };
    }

    /// Whether the types that the kernels mix have the width; a touch of each loads its classes.
    static int bits() {
        return Math.min(ShortVector.zero(SHORT).bitSize(), IntVector.zero(INT).bitSize());
    }
}
