package org.ternlm.kernel.vector;

import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// e to the power of each lane, with the same bits at every vector width, interpreted or compiled. The Vector API's own
/// `EXP` is one function before the virtual machine compiles it and another one, from a library, afterwards.
///
/// ```
/// e^x = 2^n · e^r        n = round(x / ln 2), r = x - n · ln 2, |r| ≤ ln(2) / 2
/// e^r ≈ 1 + r + r² · p(r)
/// ```
///
/// The polynomial is that of Moshier's Cephes library (`expf`). Within 2e-7 relative from -87 to 88; beyond that the
/// result stays at that of the bound. NaN gives NaN.
final class Exponential {
    private static final float SMALLEST = -87;
    private static final float LARGEST = 88;
    private static final float INVERSE_OF_LN2 = 1.442_695_04f;
    /// ln 2 in two parts: n times the first is exact.
    private static final float LN2_HIGH = 0.693_359_375f;
    private static final float LN2_LOW = -2.121_944_4e-4f;
    /// See [VectorFloatKernel]: what is added to it stands rounded in its lowest bits.
    private static final float ROUNDER = 12_582_912f;
    private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);
    private static final int FRACTION_BITS = 23;
    private static final int EXPONENT_BIAS = 127;

    private Exponential() {}

    static FloatVector of(FloatVector power) {
        FloatVector x = power.max(SMALLEST).min(LARGEST);
        FloatVector rounded = x.mul(INVERSE_OF_LN2).add(ROUNDER);
        FloatVector n = rounded.sub(ROUNDER);
        FloatVector r = n.fma(broadcast(-LN2_LOW), n.fma(broadcast(-LN2_HIGH), x));
        FloatVector p = broadcast(1.987_569_150_0e-4f).fma(r, broadcast(1.398_199_950_7e-3f));
        p = p.fma(r, broadcast(8.333_451_907_3e-3f));
        p = p.fma(r, broadcast(4.166_579_589_4e-2f));
        p = p.fma(r, broadcast(1.666_666_545_9e-1f));
        p = p.fma(r, broadcast(5.000_000_120_1e-1f));
        IntVector scale = rounded.reinterpretAsInts().sub(ROUNDER_BITS - EXPONENT_BIAS).lanewise(LSHL, FRACTION_BITS);
        return p.fma(r.mul(r), r).add(1).mul(scale.reinterpretAsFloats());
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(Species.FLOAT, value);
    }
}
