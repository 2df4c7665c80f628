package org.ternlm.kernel.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;
import org.ternlm.kernel.Activations;
import org.ternlm.kernel.ActiveColumns;
import org.ternlm.kernel.TernaryKernel;
import org.ternlm.quant.Columns2;
import org.ternlm.quant.Packing;
import org.ternlm.quant.Packings;

/// [TernaryKernel] on the layout [Columns2] with vectors of 512 bits, for one token most of whose activations are 0;
/// several tokens are taken one after the other.
///
/// Two columns that are not 0 are laced into words of four-bit indices: two of them for each two columns, since their
/// codes stand in two bits each. One instruction looks 32 rows up in the pair's table of sums. That is 1.8 times the work
/// for a weight of [VectorLookupKernel], whose indices stand for three weights and lie ready, so it pays below a third
/// of the columns; where weights come from memory, below a fifth (docs/sparsity.md).
///
/// The lines of a span are read once before it: that needs so few instructions that many reads are under way at once,
/// which lines that lie apart need, as no processor foresees them.
record VectorColumnKernel() implements TernaryKernel {
    private static final VectorSpecies<Short> SHORT = ShortVector.SPECIES_512;
    private static final VectorSpecies<Integer> INT = IntVector.SPECIES_512;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final int SPAN = ActiveColumns.SPAN_PAIRS;
    private static final int TABLE = ActiveColumns.TABLE_BYTES;
    private static final int EVEN = 0x33333333;
    private static final int ODD = ~EVEN;
    private static final long LOW_BITS = 0x5555555555555555L;
    private static final ShortVector FIRST = trits(0);
    private static final ShortVector SECOND = trits(1);

    private static ShortVector trits(int second) {
        short[] trits = new short[SHORT.length()];
        for (int index = 0; index < trits.length; index++) {
            trits[index] = (short) ActiveColumns.trit(index, second);
        }
        return ShortVector.fromArray(SHORT, trits, 0);
    }

    @Override
    public String name() {
        return "vector-512";
    }

    @Override
    public Packing packing() {
        return Packings.COL2;
    }

    @Override
    public long preparedBytes(int columns, int tokens) {
        return ActiveColumns.byteSize(columns, tokens);
    }

    @Override
    public void prepare(Activations activations, int fromToken, int toToken, int from, int to) {
        MemorySegment prepared = activations.prepared();
        byte[] values = activations.values();
        for (int token = from; token < to; token++) {
            int start = (fromToken + token) * activations.stride();
            long at = token * ActiveColumns.tokenBytes(activations.columns());
            int pairs = ActiveColumns.list(values, start, activations.columns(), prepared, at);
            long table = at + ActiveColumns.firstTable(activations.columns());
            for (int pair = 0; pair < pairs; pair++) {
                FIRST.mul(ActiveColumns.value(values, start, prepared, at, 2 * pair))
                        .add(SECOND.mul(ActiveColumns.value(values, start, prepared, at, 2 * pair + 1)))
                        .intoMemorySegment(prepared, table, LITTLE_ENDIAN);
                table += TABLE;
            }
        }
    }

    @Override
    public void multiply(MemorySegment codes, int rows, int fromBlock, int toBlock, Activations activations,
            int fromToken, int toToken, int[] sums) {
        int columns = activations.columns();
        for (int token = 0; token < toToken - fromToken; token++) {
            int target = token * TernaryKernel.paddedRows(rows);
            Arrays.fill(sums, target + fromBlock * BLOCK_ROWS, target + toBlock * BLOCK_ROWS, 0);
            long at = token * ActiveColumns.tokenBytes(columns);
            for (int block = fromBlock; block < toBlock;) {
                int tile = block / Columns2.BLOCKS;
                int end = Math.min(toBlock, (tile + 1) * Columns2.BLOCKS);
                tile(codes.asSlice(tile * Columns2.tileBytes(columns), Columns2.tileBytes(columns)), columns,
                        activations.prepared(), at, sums, target + tile * Columns2.TILE_ROWS,
                        block % Columns2.BLOCKS, end - tile * Columns2.BLOCKS);
                block = end;
            }
        }
    }

    /// The blocks `from` to `to` of a tile.
    private static void tile(MemorySegment tile, int columns, MemorySegment prepared, long at, int[] sums, int target,
            int from, int to) {
        int pairs = ActiveColumns.pairs(prepared, at);
        long tables = at + ActiveColumns.firstTable(columns);
        for (int pair = 0; pair < pairs; pair += SPAN) {
            int count = Math.min(SPAN, pairs - pair);
            MemorySegment listed = ActiveColumns.span(prepared, at, pair);
            if (read(tile, listed, count) != 0) {
                throw new IllegalStateException("COL2: a code is 3");
            }
            eightBlocks(tile, listed, count, prepared.asSlice(tables + (long) pair * TABLE, (long) SPAN * TABLE), sums,
                    target, from, to);
        }
    }

    /// Reads a part of each line; 0 unless there is a code 3, which the compiler cannot know.
    private static long read(MemorySegment tile, MemorySegment listed, int count) {
        long damaged = 0;
        int columns = 2 * Math.min(SPAN, count);
        for (int i = 0; i < columns; i++) {
            long word = tile.get(LONG, (long) ActiveColumns.column(listed, i) * Columns2.COLUMN_BYTES);
            damaged |= word & word >>> 1;
        }
        return damaged & LOW_BITS;
    }

    /// Adds the columns of `count` pairs to the sums of a tile's rows.
    private static void eightBlocks(MemorySegment tile, MemorySegment listed, int count, MemorySegment tables,
            int[] sums, int target, int from, int to) {
        ShortVector sum0 = ShortVector.zero(SHORT);
        ShortVector sum1 = sum0;
        ShortVector sum2 = sum0;
        ShortVector sum3 = sum0;
        ShortVector sum4 = sum0;
        ShortVector sum5 = sum0;
        ShortVector sum6 = sum0;
        ShortVector sum7 = sum0;
        int pairs = Math.min(SPAN, count);
        for (int pair = 0; pair < pairs; pair++) {
            IntVector a = IntVector.fromMemorySegment(INT, tile,
                    (long) ActiveColumns.column(listed, 2 * pair) * Columns2.COLUMN_BYTES, LITTLE_ENDIAN);
            IntVector b = IntVector.fromMemorySegment(INT, tile,
                    (long) ActiveColumns.column(listed, 2 * pair + 1) * Columns2.COLUMN_BYTES, LITTLE_ENDIAN);
            ShortVector table = ShortVector.fromMemorySegment(SHORT, tables, (long) pair * TABLE, LITTLE_ENDIAN);
            IntVector even = a.and(EVEN).or(b.lanewise(LSHL, 2).and(ODD));
            IntVector odd = a.lanewise(LSHR, 2).and(EVEN).or(b.and(ODD));
            sum0 = sum0.add(even.reinterpretAsShorts().selectFrom(table));
            sum1 = sum1.add(odd.reinterpretAsShorts().selectFrom(table));
            sum2 = sum2.add(even.lanewise(LSHR, 4).reinterpretAsShorts().selectFrom(table));
            sum3 = sum3.add(odd.lanewise(LSHR, 4).reinterpretAsShorts().selectFrom(table));
            sum4 = sum4.add(even.lanewise(LSHR, 8).reinterpretAsShorts().selectFrom(table));
            sum5 = sum5.add(odd.lanewise(LSHR, 8).reinterpretAsShorts().selectFrom(table));
            sum6 = sum6.add(even.lanewise(LSHR, 12).reinterpretAsShorts().selectFrom(table));
            sum7 = sum7.add(odd.lanewise(LSHR, 12).reinterpretAsShorts().selectFrom(table));
        }
        if (from <= 0 && to > 0) {
            VectorLookupKernel.widen(sum0, sums, target + 0 * BLOCK_ROWS);
        }
        if (from <= 1 && to > 1) {
            VectorLookupKernel.widen(sum1, sums, target + 1 * BLOCK_ROWS);
        }
        if (from <= 2 && to > 2) {
            VectorLookupKernel.widen(sum2, sums, target + 2 * BLOCK_ROWS);
        }
        if (from <= 3 && to > 3) {
            VectorLookupKernel.widen(sum3, sums, target + 3 * BLOCK_ROWS);
        }
        if (from <= 4 && to > 4) {
            VectorLookupKernel.widen(sum4, sums, target + 4 * BLOCK_ROWS);
        }
        if (from <= 5 && to > 5) {
            VectorLookupKernel.widen(sum5, sums, target + 5 * BLOCK_ROWS);
        }
        if (from <= 6 && to > 6) {
            VectorLookupKernel.widen(sum6, sums, target + 6 * BLOCK_ROWS);
        }
        if (from <= 7 && to > 7) {
            VectorLookupKernel.widen(sum7, sums, target + 7 * BLOCK_ROWS);
        }
    }
}
