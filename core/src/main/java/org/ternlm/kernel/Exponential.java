package org.ternlm.kernel;

/// e to the power of a float, with the same bits in every kernel, at every vector width, interpreted or compiled. (The
/// Vector API's own `EXP` is one function before the virtual machine compiles it and another one, from a library,
/// afterwards.)
///
/// ```
/// e^x = 2^n · e^r        n = round(x / ln 2), r = x - n · ln 2, |r| ≤ ln(2) / 2
/// e^r ≈ 1 + r + r² · p(r)
/// ```
///
/// The polynomial is that of Moshier's Cephes library (`expf`). Within 2e-7 relative from -87 to 88; beyond that the
/// result stays at that of the bound. NaN gives NaN. The constants are public for the vector form, which takes the same
/// steps in the same order.
public final class Exponential {
    public static final float SMALLEST = -87;
    public static final float LARGEST = 88;
    public static final float INVERSE_OF_LN2 = 1.442_695_04f;
    /// ln 2 in two parts, both negative: n times the first is exact.
    public static final float MINUS_LN2_HIGH = -0.693_359_375f;
    public static final float MINUS_LN2_LOW = 2.121_944_4e-4f;
    public static final float P5 = 1.987_569_150_0e-4f;
    public static final float P4 = 1.398_199_950_7e-3f;
    public static final float P3 = 8.333_451_907_3e-3f;
    public static final float P2 = 4.166_579_589_4e-2f;
    public static final float P1 = 1.666_666_545_9e-1f;
    public static final float P0 = 5.000_000_120_1e-1f;
    /// 1.5 · 2^23: a small float added to it stands rounded half to even in its lowest bits.
    public static final float ROUNDER = 12_582_912f;
    public static final int ROUNDER_BITS = 0x4B40_0000;
    public static final int FRACTION_BITS = 23;
    public static final int EXPONENT_BIAS = 127;

    private Exponential() {}

    /// e^power.
    public static float of(float power) {
        float x = Math.min(Math.max(power, SMALLEST), LARGEST);
        float rounded = x * INVERSE_OF_LN2 + ROUNDER;
        float n = rounded - ROUNDER;
        float r = Math.fma(n, MINUS_LN2_LOW, Math.fma(n, MINUS_LN2_HIGH, x));
        float p = Math.fma(P5, r, P4);
        p = Math.fma(p, r, P3);
        p = Math.fma(p, r, P2);
        p = Math.fma(p, r, P1);
        p = Math.fma(p, r, P0);
        int scale = Float.floatToRawIntBits(rounded) - (ROUNDER_BITS - EXPONENT_BIAS) << FRACTION_BITS;
        return (Math.fma(p, r * r, r) + 1) * Float.intBitsToFloat(scale);
    }
}
