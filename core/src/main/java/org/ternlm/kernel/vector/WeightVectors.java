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
import org.ternlm.kernel.DenseKernel;

/// Vectors of weights out of memory, one method a form. All are small, so that they are compiled into the loops that
/// call them and nothing is boxed.
///
/// Where the weights of half the lanes begin is given as an address; `part` is the first of those that are wanted, a
/// multiple of the vector's length.
final class WeightVectors {
    static final VectorSpecies<Float> FLOAT = Species.FLOAT;
    static final int WIDTH = FLOAT.length();
    /// Half of the lanes of a sum; weights come in as many.
    static final int HALF_LANES = DenseKernel.LANES / 2;
    private static final VectorSpecies<Integer> INT = Species.INT;
    private static final VectorSpecies<Short> HALF = Species.HALF_SHORT;
    private static final VectorSpecies<Byte> QUARTER = Species.QUARTER_BYTE;
    /// What the exponent of a half lacks in a float's place.
    private static final int EXPONENT = 112 << 23;

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

    /// Infinities and NaN are no weights. In a float's place a half's exponent lacks 112. Where that of the half is 0, the
    /// leading one of a float is too much: it is taken off, and the exponent 0 counts as 1. Multiplying by 2¹¹² would do
    /// all this at once, but some processors take a hundred times longer over subnormal floats.
    static FloatVector f16(MemorySegment weights, long at, int part) {
        IntVector bits = shorts(weights, at, part);
        // The shift takes copies of the sign along, which the mask removes.
        IntVector shifted = bits.lanewise(LSHL, 13).and(0x8FFFFFFF).add(EXPONENT);
        FloatVector normal = shifted.reinterpretAsFloats();
        FloatVector fraction = normal.sub(shifted.and(0xFF800000).reinterpretAsFloats());
        return normal.blend(fraction.add(fraction), bits.and(0x7C00).eq(0).cast(FLOAT));
    }

    static FloatVector i8(MemorySegment weights, long at, int part) {
        if (WIDTH >= 8) {
            return (FloatVector) ByteVector.fromMemorySegment(QUARTER, weights, at + part, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOAT, 0);
        }
        ByteVector bytes = ByteVector.fromMemorySegment(QUARTER, weights, at + (part & 8), LITTLE_ENDIAN);
        return (FloatVector) ((part & 4) == 0 ? bytes.convertShape(B2F, FLOAT, 0) : bytes.convertShape(B2F, FLOAT, 1));
    }

    /// Bytes, such as those that hold two nibbles each for [#low] and [#high].
    static IntVector unsigned(MemorySegment weights, long at, int part) {
        if (WIDTH >= 8) {
            return (IntVector) ByteVector.fromMemorySegment(QUARTER, weights, at + part, LITTLE_ENDIAN)
                    .convertShape(ZERO_EXTEND_B2I, INT, 0);
        }
        ByteVector bytes = ByteVector.fromMemorySegment(QUARTER, weights, at + (part & 8), LITTLE_ENDIAN);
        return (IntVector) ((part & 4) == 0
                ? bytes.convertShape(ZERO_EXTEND_B2I, INT, 0)
                : bytes.convertShape(ZERO_EXTEND_B2I, INT, 1));
    }

    /// `(nibble - 8) · scale` of the lower nibbles, exact.
    static FloatVector low(IntVector nibbles, FloatVector scale) {
        return ((FloatVector) nibbles.and(15).sub(8).convertShape(I2F, FLOAT, 0)).mul(scale);
    }

    /// `(nibble - 8) · scale` of the upper nibbles, exact.
    static FloatVector high(IntVector nibbles, FloatVector scale) {
        return ((FloatVector) nibbles.lanewise(LSHR, 4).sub(8).convertShape(I2F, FLOAT, 0)).mul(scale);
    }

    /// `(code - 32) · scale` of 6-bit codes, exact.
    ///
    /// @param lower the lower four bits
    /// @param upper the upper two in their place, among others
    static FloatVector q6(IntVector lower, IntVector upper, float scale) {
        return ((FloatVector) lower.or(upper.and(0x30)).sub(32).convertShape(I2F, FLOAT, 0)).mul(scale);
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
