package org.ternlm.kernel.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.S2I;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/// Vectors of weights out of memory, one method a form. All are small, so that they are compiled into the loops that
/// call them and nothing is boxed.
///
/// Where the weights of 16 lanes begin is given as an address; `part` is the first of the lanes that are wanted, a
/// multiple of the vector's length.
final class WeightVectors {
    static final VectorSpecies<Float> FLOAT = Species.FLOAT;
    static final int LANES = FLOAT.length();
    private static final VectorSpecies<Integer> INT = Species.INT;
    private static final VectorSpecies<Short> HALF = Species.HALF_SHORT;
    private static final VectorSpecies<Byte> QUARTER = Species.QUARTER_BYTE;
    /// The smallest magnitude of a half that is not subnormal, as its bits.
    private static final int SMALLEST_NORMAL = 0x400;
    /// What the exponent of a half lacks in a float's place.
    private static final int EXPONENT = 112 << 23;
    private static final float SMALLEST_HALF = 0x1p-24f;

    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

    private WeightVectors() {}

    static FloatVector f32(MemorySegment weights, long at, int part) {
        return FloatVector.fromMemorySegment(FLOAT, weights, at + 4L * part, LITTLE_ENDIAN);
    }

    private static IntVector shorts(MemorySegment weights, long at, int part) {
        return (IntVector) ShortVector.fromMemorySegment(HALF, weights, at + 2L * part, LITTLE_ENDIAN)
                .convertShape(S2I, INT, 0);
    }

    static FloatVector bf16(MemorySegment weights, long at, int part) {
        return shorts(weights, at, part).lanewise(LSHL, 16).reinterpretAsFloats();
    }

    /// Infinities and NaN are no weights.
    static FloatVector f16(MemorySegment weights, long at, int part) {
        IntVector bits = shorts(weights, at, part);
        IntVector magnitude = bits.and(0x7FFF);
        FloatVector normal = magnitude.lanewise(LSHL, 13).add(EXPONENT).reinterpretAsFloats();
        FloatVector subnormal = ((FloatVector) magnitude.convertShape(I2F, FLOAT, 0)).mul(SMALLEST_HALF);
        return normal.blend(subnormal, magnitude.lt(SMALLEST_NORMAL).cast(FLOAT)).reinterpretAsInts()
                .or(bits.and(0x8000).lanewise(LSHL, 16)).reinterpretAsFloats();
    }

    static FloatVector i8(MemorySegment weights, long at, int part) {
        if (LANES >= 8) {
            return (FloatVector) ByteVector.fromMemorySegment(QUARTER, weights, at + part, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOAT, 0);
        }
        ByteVector bytes = ByteVector.fromMemorySegment(QUARTER, weights, at + (part & 8), LITTLE_ENDIAN);
        return (FloatVector) ((part & 4) == 0 ? bytes.convertShape(B2F, FLOAT, 0) : bytes.convertShape(B2F, FLOAT, 1));
    }

    private static IntVector unsigned(MemorySegment weights, long at, int part) {
        if (LANES >= 8) {
            return (IntVector) ByteVector.fromMemorySegment(QUARTER, weights, at + part, LITTLE_ENDIAN)
                    .convertShape(ZERO_EXTEND_B2I, INT, 0);
        }
        ByteVector bytes = ByteVector.fromMemorySegment(QUARTER, weights, at + (part & 8), LITTLE_ENDIAN);
        return (IntVector) ((part & 4) == 0
                ? bytes.convertShape(ZERO_EXTEND_B2I, INT, 0)
                : bytes.convertShape(ZERO_EXTEND_B2I, INT, 1));
    }

    /// The bytes that hold two nibbles each, for [#low] and [#high].
    static IntVector nibbles(MemorySegment weights, long at, int part) {
        return unsigned(weights, at, part);
    }

    /// `(nibble - 8) · scale` of the lower nibbles, exact.
    static FloatVector low(IntVector nibbles, FloatVector scale) {
        return ((FloatVector) nibbles.and(15).sub(8).convertShape(I2F, FLOAT, 0)).mul(scale);
    }

    /// `(nibble - 8) · scale` of the upper nibbles, exact.
    static FloatVector high(IntVector nibbles, FloatVector scale) {
        return ((FloatVector) nibbles.lanewise(LSHR, 4).sub(8).convertShape(I2F, FLOAT, 0)).mul(scale);
    }

    /// The 6-bit codes of a Q6_K block less 32.
    ///
    /// @param lower where the lower four bits lie
    /// @param lowerShift 0 or 4
    /// @param upper where the upper two bits lie
    /// @param upperShift 0, 2, 4 or 6
    static FloatVector q6(MemorySegment weights, long lower, int lowerShift, long upper, int upperShift, int part) {
        IntVector four = unsigned(weights, lower, part).lanewise(LSHR, lowerShift).and(15);
        IntVector two = unsigned(weights, upper, part).lanewise(LSHR, upperShift).and(3).lanewise(LSHL, 4);
        return (FloatVector) four.or(two).sub(32).convertShape(I2F, FLOAT, 0);
    }

    static float half(MemorySegment weights, long at) {
        return Float.float16ToFloat(weights.get(I16, at));
    }

    static byte signed(MemorySegment weights, long at) {
        return weights.get(ValueLayout.JAVA_BYTE, at);
    }

    /// The half at that address, in all lanes.
    static FloatVector scale(MemorySegment weights, long at) {
        return FloatVector.broadcast(FLOAT, half(weights, at));
    }
}
