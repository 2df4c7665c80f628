package org.ternlm.kernel.vector;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static org.ternlm.kernel.Exponential.EXPONENT_BIAS;
import static org.ternlm.kernel.Exponential.FRACTION_BITS;
import static org.ternlm.kernel.Exponential.ROUNDER;
import static org.ternlm.kernel.Exponential.ROUNDER_BITS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import org.ternlm.kernel.Exponential;

/// [Exponential] of each lane, bit for bit.
final class VectorExponential {
    private VectorExponential() {}

    static FloatVector of(FloatVector power) {
        FloatVector x = power.max(Exponential.SMALLEST).min(Exponential.LARGEST);
        FloatVector rounded = x.mul(Exponential.INVERSE_OF_LN2).add(ROUNDER);
        FloatVector n = rounded.sub(ROUNDER);
        FloatVector r = n.fma(broadcast(Exponential.MINUS_LN2_LOW), n.fma(broadcast(Exponential.MINUS_LN2_HIGH), x));
        FloatVector p = broadcast(Exponential.P5).fma(r, broadcast(Exponential.P4));
        p = p.fma(r, broadcast(Exponential.P3));
        p = p.fma(r, broadcast(Exponential.P2));
        p = p.fma(r, broadcast(Exponential.P1));
        p = p.fma(r, broadcast(Exponential.P0));
        IntVector scale = rounded.reinterpretAsInts().sub(ROUNDER_BITS - EXPONENT_BIAS).lanewise(LSHL, FRACTION_BITS);
        return p.fma(r.mul(r), r).add(1).mul(scale.reinterpretAsFloats());
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(Species.FLOAT, value);
    }
}
