package org.ternlm.kernel.vector;

import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.S2I;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/// Vectors of floats out of what keys and values are stored as, exact. All are small, so that they are compiled into the
/// loops that call them and nothing is boxed.
final class CacheVectors {
    private CacheVectors() {}

    static FloatVector load(float[] numbers, int at) {
        return FloatVector.fromArray(Species.FLOAT, numbers, at);
    }

    /// Upper halves of floats.
    static FloatVector load(short[] numbers, int at) {
        return ((IntVector) ShortVector.fromArray(Species.HALF_SHORT, numbers, at).convertShape(S2I, Species.INT, 0))
                .lanewise(LSHL, 16).reinterpretAsFloats();
    }

    /// May read up to four bytes more than it takes.
    static FloatVector load(byte[] numbers, int at) {
        return (FloatVector) ByteVector.fromArray(Species.QUARTER_BYTE, numbers, at).convertShape(B2F, Species.FLOAT,
                0);
    }
}
