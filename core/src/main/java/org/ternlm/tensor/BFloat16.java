package org.ternlm.tensor;

/// bfloat16: the upper half of a float (1 sign, 8 exponent and 7 fraction bits).
///
/// Half precision (F16) has its conversions in the JDK: [Float#float16ToFloat(short)].
public final class BFloat16 {
    private BFloat16() {}

    /// Exact.
    public static float toFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /// Rounds to nearest, ties to even; overflows to infinity; NaN stays NaN.
    public static short fromFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        int roundUp = 0x7FFF + (bits >>> 16 & 1);
        return (short) (bits + roundUp >>> 16);
    }
}
