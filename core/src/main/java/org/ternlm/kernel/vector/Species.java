package org.ternlm.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
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

    private Species() {}

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
