package org.ternlm.kernel.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;
import org.ternlm.kernel.Activations;
import org.ternlm.kernel.LookupTables;
import org.ternlm.kernel.TernaryKernel;
import org.ternlm.quant.LookupWords;
import org.ternlm.quant.Packing;

/// [TernaryKernel] on the layouts [LookupWords] with vectors of 512 bits: a lane is a row, and one instruction looks 32
/// rows up in a table of 32 sums, which is one vector.
///
/// Sums stay in 16 bits for a span of groups ([LookupTables]) and are then widened. A span's codes and tables are viewed
/// through slices of exactly its length, so that C2 checks once that all accesses are inside, and the loop over the span
/// is one. Cut into pieces of constant length it took a quarter longer for several tokens, and by the collector's choice of
/// safepoints in loops even more.
///
/// One token takes eight blocks of rows at once, since eight distant streams keep more of the memory system busy than one
/// does; several tokens go four at a time with two blocks, whose codes are then used four times. Everything is written
/// out in one method each, since vectors that cross a call that C2 does not inline are boxed. These methods are so long
/// that C2 inlines nothing at their end, so sums leave them through an array, and another one widens them.
///
/// @param layout which of the two; the loops are the same
record VectorLookupKernel(LookupWords layout) implements TernaryKernel {
    private static final VectorSpecies<Short> SHORT = ShortVector.SPECIES_512;
    private static final VectorSpecies<Integer> INT = IntVector.SPECIES_512;
    private static final int GROUP_BYTES = LookupWords.GROUP_BYTES;
    private static final int TABLE = LookupTables.BYTES;
    private static final int ONE_TOKEN = LookupWords.INDICES * TABLE;
    private static final int FOUR_TOKENS = 4 * ONE_TOKEN;

    @Override
    public String name() {
        return "vector-512";
    }

    @Override
    public Packing packing() {
        return layout;
    }

    @Override
    public long preparedBytes(int columns, int tokens) {
        return LookupTables.byteSize(layout, columns, tokens);
    }

    @Override
    public void prepare(Activations activations, int fromToken, int toToken, int from, int to) {
        int tokens = toToken - fromToken;
        int together = LookupTables.together(tokens);
        int tables = layout.groups(activations.columns()) * LookupWords.INDICES;
        for (int token = from; token < to; token++) {
            long first = LookupTables.tokenStart(layout, activations.columns(), tokens, token);
            int start = (fromToken + token) * activations.stride();
            if (layout.weightsPerIndex() == 3) {
                TableVectors.ofThree(activations.values(), start, tables, activations.prepared(), first,
                        together * TABLE);
            } else {
                TableVectors.ofFive(activations.values(), start, tables, activations.prepared(), first,
                        together * TABLE);
            }
            if (token % together == 0) {
                LookupTables.writeSpans(layout, activations, fromToken, toToken, token / together,
                        TableVectors::sumOfSizes);
            }
        }
    }

    @Override
    public void multiply(MemorySegment codes, int rows, int fromBlock, int toBlock, Activations activations,
            int fromToken, int toToken, int[] sums) {
        int tokens = toToken - fromToken;
        int paddedRows = TernaryKernel.paddedRows(rows);
        for (int token = 0; token < tokens; token++) {
            int start = token * paddedRows;
            Arrays.fill(sums, start + fromBlock * BLOCK_ROWS, start + toBlock * BLOCK_ROWS, 0);
        }
        int groups = layout.groups(activations.columns());
        if (tokens == 1) {
            oneToken(codes, fromBlock, toBlock, groups, activations.prepared(),
                    LookupTables.spanStart(layout, activations.columns(), 1, 0), sums);
            return;
        }
        long tileBytes = LookupTables.tileBytes(layout, activations.columns(), tokens);
        for (int token = 0; token < tokens; token += TILE_TOKENS) {
            int tile = token / TILE_TOKENS;
            fourTokens(codes, fromBlock, toBlock, groups, activations.prepared(), tile * tileBytes,
                    LookupTables.spanStart(layout, activations.columns(), tokens, tile), sums, token * paddedRows,
                    paddedRows, Math.min(TILE_TOKENS, tokens - token));
        }
    }

    private static void oneToken(MemorySegment codes, int fromBlock, int toBlock, int groups, MemorySegment tables,
            long spans, int[] sums) {
        long blockBytes = (long) groups * GROUP_BYTES;
        short[] halves = new short[STREAM_BLOCKS * BLOCK_ROWS];
        for (int block = fromBlock; block < toBlock; block += STREAM_BLOCKS) {
            int blocks = Math.min(STREAM_BLOCKS, toBlock - block);
            long span = spans;
            for (int group = 0; group < groups;) {
                int end = tables.get(LookupTables.END, span);
                eightBlocks(codes, block * blockBytes + (long) group * GROUP_BYTES, blockBytes, blocks, tables,
                        (long) group * ONE_TOKEN, end - group, halves);
                for (int i = 0; i < blocks; i++) {
                    widen(halves, i * BLOCK_ROWS, sums, (block + i) * BLOCK_ROWS);
                }
                group = end;
                span += Integer.BYTES;
            }
        }
    }

    private static void fourTokens(MemorySegment codes, int fromBlock, int toBlock, int groups, MemorySegment tables,
            long tile, long spans, int[] sums, int target, int paddedRows, int tokens) {
        long blockBytes = (long) groups * GROUP_BYTES;
        short[] halves = new short[2 * TILE_TOKENS * BLOCK_ROWS];
        long span = spans;
        for (int group = 0; group < groups;) {
            int end = tables.get(LookupTables.END, span);
            for (int block = fromBlock; block < toBlock; block += 2) {
                long at = block * blockBytes + (long) group * GROUP_BYTES;
                twoBlocks(codes, at, block + 1 < toBlock ? at + blockBytes : at, tables,
                        tile + (long) group * FOUR_TOKENS, end - group, halves);
                widen(halves, tokens, Math.min(2, toBlock - block), sums, target + block * BLOCK_ROWS, paddedRows);
            }
            group = end;
            span += Integer.BYTES;
        }
    }

    /// Adds a span of `count` groups of up to eight blocks, `blockBytes` apart, for one token. Streams beyond `blocks`
    /// read the last block again, and nobody takes their sums.
    private static void eightBlocks(MemorySegment codes, long first, long blockBytes, int blocks, MemorySegment tables,
            long table, int count, short[] halves) {
        int last = blocks - 1;
        long bytes = count * (long) GROUP_BYTES;
        ShortVector sum0 = ShortVector.zero(SHORT);
        ShortVector sum1 = sum0;
        ShortVector sum2 = sum0;
        ShortVector sum3 = sum0;
        ShortVector sum4 = sum0;
        ShortVector sum5 = sum0;
        ShortVector sum6 = sum0;
        ShortVector sum7 = sum0;
        MemorySegment codes0 = codes.asSlice(first, bytes);
        MemorySegment codes1 = codes.asSlice(first + Math.min(1, last) * blockBytes, bytes);
        MemorySegment codes2 = codes.asSlice(first + Math.min(2, last) * blockBytes, bytes);
        MemorySegment codes3 = codes.asSlice(first + Math.min(3, last) * blockBytes, bytes);
        MemorySegment codes4 = codes.asSlice(first + Math.min(4, last) * blockBytes, bytes);
        MemorySegment codes5 = codes.asSlice(first + Math.min(5, last) * blockBytes, bytes);
        MemorySegment codes6 = codes.asSlice(first + Math.min(6, last) * blockBytes, bytes);
        MemorySegment codes7 = codes.asSlice(first + Math.min(7, last) * blockBytes, bytes);
        MemorySegment spanTables = tables.asSlice(table, count * (long) ONE_TOKEN);
        for (int group = 0; group < count; group++) {
            long offset = group * (long) GROUP_BYTES;
            ShortVector table0 = ShortVector.fromMemorySegment(SHORT, spanTables, offset * 3, LITTLE_ENDIAN);
            ShortVector table1 = ShortVector.fromMemorySegment(SHORT, spanTables, offset * 3 + TABLE,
                    LITTLE_ENDIAN);
            ShortVector table2 = ShortVector.fromMemorySegment(SHORT, spanTables, offset * 3 + 2 * TABLE,
                    LITTLE_ENDIAN);
            IntVector word0 = IntVector.fromMemorySegment(INT, codes0, offset, LITTLE_ENDIAN);
            sum0 = sum0.add(word0.reinterpretAsShorts().selectFrom(table0));
            sum0 = sum0.add(word0.lanewise(LSHR, 5).reinterpretAsShorts().selectFrom(table1));
            sum0 = sum0.add(word0.lanewise(LSHR, 10).reinterpretAsShorts().selectFrom(table2));
            IntVector word1 = IntVector.fromMemorySegment(INT, codes1, offset, LITTLE_ENDIAN);
            sum1 = sum1.add(word1.reinterpretAsShorts().selectFrom(table0));
            sum1 = sum1.add(word1.lanewise(LSHR, 5).reinterpretAsShorts().selectFrom(table1));
            sum1 = sum1.add(word1.lanewise(LSHR, 10).reinterpretAsShorts().selectFrom(table2));
            IntVector word2 = IntVector.fromMemorySegment(INT, codes2, offset, LITTLE_ENDIAN);
            sum2 = sum2.add(word2.reinterpretAsShorts().selectFrom(table0));
            sum2 = sum2.add(word2.lanewise(LSHR, 5).reinterpretAsShorts().selectFrom(table1));
            sum2 = sum2.add(word2.lanewise(LSHR, 10).reinterpretAsShorts().selectFrom(table2));
            IntVector word3 = IntVector.fromMemorySegment(INT, codes3, offset, LITTLE_ENDIAN);
            sum3 = sum3.add(word3.reinterpretAsShorts().selectFrom(table0));
            sum3 = sum3.add(word3.lanewise(LSHR, 5).reinterpretAsShorts().selectFrom(table1));
            sum3 = sum3.add(word3.lanewise(LSHR, 10).reinterpretAsShorts().selectFrom(table2));
            IntVector word4 = IntVector.fromMemorySegment(INT, codes4, offset, LITTLE_ENDIAN);
            sum4 = sum4.add(word4.reinterpretAsShorts().selectFrom(table0));
            sum4 = sum4.add(word4.lanewise(LSHR, 5).reinterpretAsShorts().selectFrom(table1));
            sum4 = sum4.add(word4.lanewise(LSHR, 10).reinterpretAsShorts().selectFrom(table2));
            IntVector word5 = IntVector.fromMemorySegment(INT, codes5, offset, LITTLE_ENDIAN);
            sum5 = sum5.add(word5.reinterpretAsShorts().selectFrom(table0));
            sum5 = sum5.add(word5.lanewise(LSHR, 5).reinterpretAsShorts().selectFrom(table1));
            sum5 = sum5.add(word5.lanewise(LSHR, 10).reinterpretAsShorts().selectFrom(table2));
            IntVector word6 = IntVector.fromMemorySegment(INT, codes6, offset, LITTLE_ENDIAN);
            sum6 = sum6.add(word6.reinterpretAsShorts().selectFrom(table0));
            sum6 = sum6.add(word6.lanewise(LSHR, 5).reinterpretAsShorts().selectFrom(table1));
            sum6 = sum6.add(word6.lanewise(LSHR, 10).reinterpretAsShorts().selectFrom(table2));
            IntVector word7 = IntVector.fromMemorySegment(INT, codes7, offset, LITTLE_ENDIAN);
            sum7 = sum7.add(word7.reinterpretAsShorts().selectFrom(table0));
            sum7 = sum7.add(word7.lanewise(LSHR, 5).reinterpretAsShorts().selectFrom(table1));
            sum7 = sum7.add(word7.lanewise(LSHR, 10).reinterpretAsShorts().selectFrom(table2));
        }
        sum0.intoArray(halves, 0);
        sum1.intoArray(halves, BLOCK_ROWS);
        sum2.intoArray(halves, 2 * BLOCK_ROWS);
        sum3.intoArray(halves, 3 * BLOCK_ROWS);
        sum4.intoArray(halves, 4 * BLOCK_ROWS);
        sum5.intoArray(halves, 5 * BLOCK_ROWS);
        sum6.intoArray(halves, 6 * BLOCK_ROWS);
        sum7.intoArray(halves, 7 * BLOCK_ROWS);
    }

    /// Adds a span of `count` groups of up to two blocks for up to four tokens.
    private static void twoBlocks(MemorySegment codes, long first, long second, MemorySegment tables, long table,
            int count, short[] halves) {
        ShortVector sum00 = ShortVector.zero(SHORT);
        ShortVector sum01 = sum00;
        ShortVector sum10 = sum00;
        ShortVector sum11 = sum00;
        ShortVector sum20 = sum00;
        ShortVector sum21 = sum00;
        ShortVector sum30 = sum00;
        ShortVector sum31 = sum00;
        MemorySegment codes0 = codes.asSlice(first, count * (long) GROUP_BYTES);
        MemorySegment codes1 = codes.asSlice(second, count * (long) GROUP_BYTES);
        MemorySegment spanTables = tables.asSlice(table, count * (long) FOUR_TOKENS);
        for (int group = 0; group < count; group++) {
            long at = group * (long) GROUP_BYTES;
            IntVector word0 = IntVector.fromMemorySegment(INT, codes0, at, LITTLE_ENDIAN);
            IntVector word1 = IntVector.fromMemorySegment(INT, codes1, at, LITTLE_ENDIAN);
            long four = at * 12;
            ShortVector first0 = word0.reinterpretAsShorts();
            ShortVector second0 = word1.reinterpretAsShorts();
            ShortVector table0 = ShortVector.fromMemorySegment(SHORT, spanTables, four, LITTLE_ENDIAN);
            sum00 = sum00.add(first0.selectFrom(table0));
            sum01 = sum01.add(second0.selectFrom(table0));
            ShortVector table1 = ShortVector.fromMemorySegment(SHORT, spanTables, four + TABLE, LITTLE_ENDIAN);
            sum10 = sum10.add(first0.selectFrom(table1));
            sum11 = sum11.add(second0.selectFrom(table1));
            ShortVector table2 = ShortVector.fromMemorySegment(SHORT, spanTables, four + 2 * TABLE, LITTLE_ENDIAN);
            sum20 = sum20.add(first0.selectFrom(table2));
            sum21 = sum21.add(second0.selectFrom(table2));
            ShortVector table3 = ShortVector.fromMemorySegment(SHORT, spanTables, four + 3 * TABLE, LITTLE_ENDIAN);
            sum30 = sum30.add(first0.selectFrom(table3));
            sum31 = sum31.add(second0.selectFrom(table3));
            ShortVector first1 = word0.lanewise(LSHR, 5).reinterpretAsShorts();
            ShortVector second1 = word1.lanewise(LSHR, 5).reinterpretAsShorts();
            ShortVector table4 = ShortVector.fromMemorySegment(SHORT, spanTables, four + 4 * TABLE, LITTLE_ENDIAN);
            sum00 = sum00.add(first1.selectFrom(table4));
            sum01 = sum01.add(second1.selectFrom(table4));
            ShortVector table5 = ShortVector.fromMemorySegment(SHORT, spanTables, four + 5 * TABLE, LITTLE_ENDIAN);
            sum10 = sum10.add(first1.selectFrom(table5));
            sum11 = sum11.add(second1.selectFrom(table5));
            ShortVector table6 = ShortVector.fromMemorySegment(SHORT, spanTables, four + 6 * TABLE, LITTLE_ENDIAN);
            sum20 = sum20.add(first1.selectFrom(table6));
            sum21 = sum21.add(second1.selectFrom(table6));
            ShortVector table7 = ShortVector.fromMemorySegment(SHORT, spanTables, four + 7 * TABLE, LITTLE_ENDIAN);
            sum30 = sum30.add(first1.selectFrom(table7));
            sum31 = sum31.add(second1.selectFrom(table7));
            ShortVector first2 = word0.lanewise(LSHR, 10).reinterpretAsShorts();
            ShortVector second2 = word1.lanewise(LSHR, 10).reinterpretAsShorts();
            ShortVector table8 = ShortVector.fromMemorySegment(SHORT, spanTables, four + 8 * TABLE, LITTLE_ENDIAN);
            sum00 = sum00.add(first2.selectFrom(table8));
            sum01 = sum01.add(second2.selectFrom(table8));
            ShortVector table9 = ShortVector.fromMemorySegment(SHORT, spanTables, four + 9 * TABLE, LITTLE_ENDIAN);
            sum10 = sum10.add(first2.selectFrom(table9));
            sum11 = sum11.add(second2.selectFrom(table9));
            ShortVector table10 = ShortVector.fromMemorySegment(SHORT, spanTables, four + 10 * TABLE, LITTLE_ENDIAN);
            sum20 = sum20.add(first2.selectFrom(table10));
            sum21 = sum21.add(second2.selectFrom(table10));
            ShortVector table11 = ShortVector.fromMemorySegment(SHORT, spanTables, four + 11 * TABLE, LITTLE_ENDIAN);
            sum30 = sum30.add(first2.selectFrom(table11));
            sum31 = sum31.add(second2.selectFrom(table11));
        }
        sum00.intoArray(halves, 0);
        sum01.intoArray(halves, BLOCK_ROWS);
        sum10.intoArray(halves, 2 * BLOCK_ROWS);
        sum11.intoArray(halves, 3 * BLOCK_ROWS);
        sum20.intoArray(halves, 4 * BLOCK_ROWS);
        sum21.intoArray(halves, 5 * BLOCK_ROWS);
        sum30.intoArray(halves, 6 * BLOCK_ROWS);
        sum31.intoArray(halves, 7 * BLOCK_ROWS);
    }

    /// Adds what [#twoBlocks] left to the sums of `tokens` tokens and of one or two blocks.
    private static void widen(short[] halves, int tokens, int blocks, int[] sums, int target, int paddedRows) {
        for (int token = 0; token < tokens; token++) {
            for (int block = 0; block < blocks; block++) {
                widen(halves, (2 * token + block) * BLOCK_ROWS, sums,
                        target + token * paddedRows + block * BLOCK_ROWS);
            }
        }
    }

    /// Adds 16-bit sums to int32: even lanes are the first half of a block's rows, odd lanes the second, so both come
    /// out in the order of the rows.
    private static void widen(short[] halves, int from, int[] sums, int at) {
        widen(ShortVector.fromArray(SHORT, halves, from), sums, at);
    }

    /// The same of a vector.
    static void widen(ShortVector sum, int[] sums, int at) {
        IntVector pairs = sum.reinterpretAsInts();
        pairs.lanewise(LSHL, 16).lanewise(ASHR, 16).add(IntVector.fromArray(INT, sums, at)).intoArray(sums, at);
        int second = at + BLOCK_ROWS / 2;
        pairs.lanewise(ASHR, 16).add(IntVector.fromArray(INT, sums, second)).intoArray(sums, second);
    }
}
