package org.ternlm.kernel.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;
import org.ternlm.kernel.TileUnpacking;
import org.ternlm.quant.LookupWords;
import org.ternlm.quant.Packings;

/// [TileUnpacking] with vectors of 512 bits: a lane of 16 bits is a row, and one instruction looks two columns of 32 rows up.
///
/// Two columns are two bytes of 16 bits. Where both come from one index, one look-up gives them; else each comes from its
/// own, the other byte being 0, and the union of both is taken. So two indices of `LUT9` give three pairs, two of `LUT15`
/// five.
///
/// Two pairs are four columns. Even lanes hold the rows of a block's first half, odd ones those of its second: so the lower
/// halves of 32-bit lanes, put together, are 16 rows in order, and the upper ones the other 16.
final class VectorTileUnpacking implements TileUnpacking {
    private static final VectorSpecies<Short> SHORT = ShortVector.SPECIES_512;
    private static final VectorSpecies<Integer> INT = IntVector.SPECIES_512;
    private static final int GROUP_BYTES = LookupWords.GROUP_BYTES;
    private static final int HALF_BYTES = 64;
    private static final int PERIOD_BYTES = PERIOD_GROUPS * GROUP_BYTES;
    private static final int LOWER = 0xFFFF;
    private static final int NONE = -1;
    private static final int TERNARY_COLUMNS = 36;
    private static final int SIGN_COLUMNS = 60;

    private static final short[] TERNARY_01 = pairs(Packings.LUT9, 0, 1);
    private static final short[] TERNARY_2 = pairs(Packings.LUT9, 2, NONE);
    private static final short[] TERNARY_0 = pairs(Packings.LUT9, NONE, 0);
    private static final short[] TERNARY_12 = pairs(Packings.LUT9, 1, 2);

    private static final short[] SIGNS_01 = pairs(Packings.LUT15, 0, 1);
    private static final short[] SIGNS_23 = pairs(Packings.LUT15, 2, 3);
    private static final short[] SIGNS_4 = pairs(Packings.LUT15, 4, NONE);
    private static final short[] SIGNS_0 = pairs(Packings.LUT15, NONE, 0);
    private static final short[] SIGNS_12 = pairs(Packings.LUT15, 1, 2);
    private static final short[] SIGNS_34 = pairs(Packings.LUT15, 3, 4);

    /// For each index the weights at two of its positions, the first in the lower byte.
    private static short[] pairs(LookupWords layout, int first, int second) {
        short[] pairs = new short[1 << LookupWords.INDEX_BITS];
        for (int index = 0; index < pairs.length; index++) {
            int lower = first == NONE ? 0 : layout.weight(index, first);
            int upper = second == NONE ? 0 : layout.weight(index, second);
            pairs[index] = (short) (upper << 8 | lower & 0xFF);
        }
        return pairs;
    }

    @Override
    public void unpack(LookupWords layout, MemorySegment codes, long at, int columns, MemorySegment tile, long target) {
        int periods = TileUnpacking.periods(layout, columns);
        if (layout.equals(Packings.LUT9)) {
            ternary(codes, at, periods, tile, target);
        } else {
            signs(codes, at, periods, tile, target);
        }
    }

    private static void ternary(MemorySegment codes, long at, int periods, MemorySegment tile, long target) {
        ShortVector table01 = ShortVector.fromArray(SHORT, TERNARY_01, 0);
        ShortVector table2 = ShortVector.fromArray(SHORT, TERNARY_2, 0);
        ShortVector table0 = ShortVector.fromArray(SHORT, TERNARY_0, 0);
        ShortVector table12 = ShortVector.fromArray(SHORT, TERNARY_12, 0);
        long bytes = (long) TERNARY_COLUMNS * HALF_BYTES;
        for (int period = 0; period < periods; period++) {
            MemorySegment words = codes.asSlice(at + (long) period * PERIOD_BYTES, PERIOD_BYTES);
            MemorySegment columns = tile.asSlice(target + period * bytes, bytes - 2 * HALF_BYTES);
            for (int part = 0; part < 3; part++) {
                // Four indices that follow each other, in one word or two, are twelve columns.
                IntVector word = IntVector.fromMemorySegment(INT, words, part * (long) GROUP_BYTES, LITTLE_ENDIAN)
                        .lanewise(LSHR, 5 * part);
                IntVector next = IntVector.fromMemorySegment(INT, words, (part + 1) * (long) GROUP_BYTES,
                        LITTLE_ENDIAN);
                ShortVector index0 = word.reinterpretAsShorts();
                ShortVector index1 = (part == 2 ? next : word.lanewise(LSHR, 5)).reinterpretAsShorts();
                ShortVector index2 = (part == 2 ? next.lanewise(LSHR, 5) : part == 1 ? next : word.lanewise(LSHR, 10))
                        .reinterpretAsShorts();
                ShortVector index3 = next.lanewise(LSHR, 5 * part).reinterpretAsShorts();
                long place = part * 3L * STEP_BYTES;
                store(index0.selectFrom(table01), index0.selectFrom(table2).or(index1.selectFrom(table0)), columns,
                        place);
                store(index1.selectFrom(table12), index2.selectFrom(table01), columns, place + STEP_BYTES);
                store(index2.selectFrom(table2).or(index3.selectFrom(table0)), index3.selectFrom(table12), columns,
                        place + 2 * STEP_BYTES);
            }
        }
    }

    private static void signs(MemorySegment codes, long at, int periods, MemorySegment tile, long target) {
        ShortVector table01 = ShortVector.fromArray(SHORT, SIGNS_01, 0);
        ShortVector table23 = ShortVector.fromArray(SHORT, SIGNS_23, 0);
        ShortVector table4 = ShortVector.fromArray(SHORT, SIGNS_4, 0);
        ShortVector table0 = ShortVector.fromArray(SHORT, SIGNS_0, 0);
        ShortVector table12 = ShortVector.fromArray(SHORT, SIGNS_12, 0);
        ShortVector table34 = ShortVector.fromArray(SHORT, SIGNS_34, 0);
        long bytes = (long) SIGN_COLUMNS * HALF_BYTES;
        for (int period = 0; period < periods; period++) {
            MemorySegment words = codes.asSlice(at + (long) period * PERIOD_BYTES, PERIOD_BYTES);
            MemorySegment columns = tile.asSlice(target + period * bytes, bytes - 2 * HALF_BYTES);
            for (int part = 0; part < 3; part++) {
                // Four indices that follow each other, in one word or two, are twenty columns.
                IntVector word = IntVector.fromMemorySegment(INT, words, part * (long) GROUP_BYTES, LITTLE_ENDIAN)
                        .lanewise(LSHR, 5 * part);
                IntVector next = IntVector.fromMemorySegment(INT, words, (part + 1) * (long) GROUP_BYTES,
                        LITTLE_ENDIAN);
                ShortVector index0 = word.reinterpretAsShorts();
                ShortVector index1 = (part == 2 ? next : word.lanewise(LSHR, 5)).reinterpretAsShorts();
                ShortVector index2 = (part == 2 ? next.lanewise(LSHR, 5) : part == 1 ? next : word.lanewise(LSHR, 10))
                        .reinterpretAsShorts();
                ShortVector index3 = next.lanewise(LSHR, 5 * part).reinterpretAsShorts();
                long place = part * 5L * STEP_BYTES;
                store(index0.selectFrom(table01), index0.selectFrom(table23), columns, place);
                store(index0.selectFrom(table4).or(index1.selectFrom(table0)), index1.selectFrom(table12), columns,
                        place + STEP_BYTES);
                store(index1.selectFrom(table34), index2.selectFrom(table01), columns, place + 2 * STEP_BYTES);
                store(index2.selectFrom(table23), index2.selectFrom(table4).or(index3.selectFrom(table0)), columns,
                        place + 3 * STEP_BYTES);
                store(index3.selectFrom(table12), index3.selectFrom(table34), columns, place + 4 * STEP_BYTES);
            }
        }
    }

    /// Writes the four columns of two pairs.
    private static void store(ShortVector pair0, ShortVector pair1, MemorySegment columns, long at) {
        IntVector left = pair0.reinterpretAsInts();
        IntVector right = pair1.reinterpretAsInts();
        left.and(LOWER).or(right.lanewise(LSHL, 16)).intoMemorySegment(columns, at, LITTLE_ENDIAN);
        left.lanewise(LSHR, 16).or(right.and(~LOWER)).intoMemorySegment(columns, at + HALF_BYTES, LITTLE_ENDIAN);
    }
}
