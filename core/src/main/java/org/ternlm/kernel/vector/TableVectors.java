package org.ternlm.kernel.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;
import org.ternlm.kernel.LookupTables;
import org.ternlm.quant.LookupWords;
import org.ternlm.quant.Packings;

/// Writes the tables of [LookupTables], each a vector: Σ over i of weights(i) · q[i], where lane e of weights(i) is the
/// weight that index e stands for at the i-th of its columns.
final class TableVectors {
    private static final VectorSpecies<Short> SHORT = ShortVector.SPECIES_512;
    private static final VectorSpecies<Byte> BYTE = ByteVector.SPECIES_512;
    private static final ShortVector TRIT0 = weights(Packings.LUT9, 0);
    private static final ShortVector TRIT1 = weights(Packings.LUT9, 1);
    private static final ShortVector TRIT2 = weights(Packings.LUT9, 2);
    private static final ShortVector SIGN0 = weights(Packings.LUT15, 0);
    private static final ShortVector SIGN1 = weights(Packings.LUT15, 1);
    private static final ShortVector SIGN2 = weights(Packings.LUT15, 2);
    private static final ShortVector SIGN3 = weights(Packings.LUT15, 3);
    private static final ShortVector SIGN4 = weights(Packings.LUT15, 4);

    private TableVectors() {}

    private static ShortVector weights(LookupWords layout, int position) {
        short[] weights = new short[SHORT.length()];
        for (int index = 0; index < weights.length; index++) {
            weights[index] = (short) layout.weight(index, position);
        }
        return ShortVector.fromArray(SHORT, weights, 0);
    }

    /// `count` tables of three activations each, `toNext` bytes apart.
    static void ofThree(byte[] values, int start, int count, MemorySegment tables, long first, int toNext) {
        long at = first;
        int column = start;
        for (int table = 0; table < count; table++) {
            TRIT0.mul(values[column]).add(TRIT1.mul(values[column + 1])).add(TRIT2.mul(values[column + 2]))
                    .intoMemorySegment(tables, at, LITTLE_ENDIAN);
            at += toNext;
            column += 3;
        }
    }

    /// The same of five each.
    static void ofFive(byte[] values, int start, int count, MemorySegment tables, long first, int toNext) {
        long at = first;
        int column = start;
        for (int table = 0; table < count; table++) {
            SIGN0.mul(values[column]).add(SIGN1.mul(values[column + 1])).add(SIGN2.mul(values[column + 2]))
                    .add(SIGN3.mul(values[column + 3])).add(SIGN4.mul(values[column + 4]))
                    .intoMemorySegment(tables, at, LITTLE_ENDIAN);
            at += toNext;
            column += 5;
        }
    }

    /// Σ|q| of at most 255 values: [LookupTables.SumOfSizes]. A size of 128 is a byte's -128, read without its sign.
    static int sumOfSizes(byte[] values, int from, int count) {
        int end = from + count;
        ShortVector sums = ShortVector.zero(SHORT);
        for (int i = from; i < end; i += BYTE.length()) {
            ShortVector sizes = ByteVector.fromArray(BYTE, values, i, BYTE.indexInRange(i, end)).abs()
                    .reinterpretAsShorts();
            sums = sums.add(sizes.and((short) 0xff)).add(sizes.lanewise(LSHR, 8));
        }
        return sums.reduceLanes(ADD);
    }
}
