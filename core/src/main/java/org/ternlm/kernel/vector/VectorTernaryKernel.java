package org.ternlm.kernel.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;
import org.ternlm.kernel.Activations;
import org.ternlm.kernel.ShiftedFactors;
import org.ternlm.kernel.TernaryKernel;
import org.ternlm.quant.Interleaved2;
import org.ternlm.quant.Packing;
import org.ternlm.quant.Packings;

/// [TernaryKernel] on the layout [Interleaved2] with vectors of any width: a 16-bit lane is a row and has the codes of
/// eight columns, which are shifted, not cut out ([ShiftedFactors]).
///
/// A code (0, 1 or 2) times an activation is at most 256 in size, so 16 groups of 8 columns fit into 16-bit
/// accumulators: between -32,768 (2 · -128 · 128) and 32,512. Then they are widened into the int32 sums. The code's
/// offset of 1 is taken off by starting from -Σ q.
///
/// A span's codes and factors are viewed through slices of constant size: so the compiler knows every access to be inside
/// and checks none in the loop. One token works on four blocks of rows at once: four distant streams keep more of the
/// memory system busy than one does, and a factor serves four multiplications. Several tokens go four at a time with two
/// blocks. Everything is written out in one method each, since vectors that cross a call that C2 does not inline are
/// boxed; so sums leave them through an array, and another one widens them.
///
/// C2 would load all factors of a group first, more than there are registers, and put sums into memory instead. Fences, for
/// which the processor does nothing, keep loads where they are.
final class VectorTernaryKernel implements TernaryKernel {
    private static final VectorSpecies<Short> SHORT = Species.SHORT;
    private static final VectorSpecies<Integer> INT = Species.INT;
    private static final int LANES = SHORT.length();
    private static final int SPAN = Interleaved2.SPAN_GROUPS;
    private static final int GROUP_BYTES = Interleaved2.GROUP_BYTES;
    private static final int ONE_TOKEN = ShiftedFactors.OF_GROUP * Short.BYTES;
    private static final int FOUR_TOKENS = 4 * ONE_TOKEN;
    private static final int BLOCKS = 4;
    private static final ValueLayout.OfShort FACTOR = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

    @Override
    public String name() {
        return "vector-" + Species.SHAPE.vectorBitSize();
    }

    @Override
    public Packing packing() {
        return Packings.TERN2;
    }

    @Override
    public long preparedBytes(int columns, int tokens) {
        return ShiftedFactors.byteSize(columns, tokens);
    }

    @Override
    public void prepare(Activations activations, int fromToken, int toToken, int from, int to) {
        ShiftedFactors.write(activations, fromToken, toToken, from, to);
    }

    @Override
    public void multiply(MemorySegment codes, int rows, int fromBlock, int toBlock, Activations activations,
            int fromToken, int toToken, int[] sums) {
        int tokens = toToken - fromToken;
        int paddedRows = TernaryKernel.paddedRows(rows);
        for (int token = 0; token < tokens; token++) {
            int start = token * paddedRows;
            Arrays.fill(sums, start + fromBlock * BLOCK_ROWS, start + toBlock * BLOCK_ROWS,
                    -activations.totals()[fromToken + token]);
        }
        int groups = Interleaved2.groups(activations.columns());
        if (tokens == 1) {
            oneToken(codes, fromBlock, toBlock, groups, activations.prepared(), sums);
            return;
        }
        long tileBytes = ShiftedFactors.tileBytes(activations.columns(), tokens);
        for (int token = 0; token < tokens; token += TILE_TOKENS) {
            fourTokens(codes, fromBlock, toBlock, groups, activations.prepared(), token / TILE_TOKENS * tileBytes, sums,
                    token * paddedRows, paddedRows, Math.min(TILE_TOKENS, tokens - token));
        }
    }

    private static void oneToken(MemorySegment codes, int fromBlock, int toBlock, int groups, MemorySegment factors,
            int[] sums) {
        long blockBytes = (long) groups * GROUP_BYTES;
        short[] halves = new short[BLOCKS * BLOCK_ROWS];
        for (int block = fromBlock; block < toBlock; block += BLOCKS) {
            int blocks = Math.min(BLOCKS, toBlock - block);
            for (int group = 0; group < groups; group += SPAN) {
                long first = block * blockBytes + (long) group * GROUP_BYTES;
                fourBlocks(codes, first, blockBytes, blocks - 1, factors, (long) group * ONE_TOKEN,
                        Math.min(SPAN, groups - group), halves);
                for (int i = 0; i < blocks; i++) {
                    widen(halves, i * BLOCK_ROWS, sums, (block + i) * BLOCK_ROWS);
                }
            }
        }
    }

    /// Spans outermost: a span's factors serve all blocks.
    private static void fourTokens(MemorySegment codes, int fromBlock, int toBlock, int groups, MemorySegment factors,
            long tile, int[] sums, int target, int paddedRows, int tokens) {
        long blockBytes = (long) groups * GROUP_BYTES;
        short[] halves = new short[TILE_TOKENS * 2 * BLOCK_ROWS];
        for (int group = 0; group < groups; group += SPAN) {
            for (int block = fromBlock; block < toBlock; block += 2) {
                long at = block * blockBytes + (long) group * GROUP_BYTES;
                int blocks = Math.min(2, toBlock - block);
                twoBlocks(codes, at, blocks == 2 ? at + blockBytes : at, factors, tile + (long) group * FOUR_TOKENS,
                        Math.min(SPAN, groups - group), halves);
                for (int token = 0; token < tokens; token++) {
                    for (int i = 0; i < blocks; i++) {
                        widen(halves, (2 * token + i) * BLOCK_ROWS, sums,
                                target + token * paddedRows + (block + i) * BLOCK_ROWS);
                    }
                }
            }
        }
    }

    /// Adds a span of `count` groups of up to four blocks, `blockBytes` apart, for one token. Streams beyond the `last`
    /// read that again, and nobody takes their sums.
    private static void fourBlocks(MemorySegment codes, long first, long blockBytes, int last, MemorySegment factors,
            long factor, int count, short[] halves) {
        long bytes = SPAN * GROUP_BYTES;
        MemorySegment codes0 = codes.asSlice(first, bytes);
        MemorySegment codes1 = codes.asSlice(first + Math.min(1, last) * blockBytes, bytes);
        MemorySegment codes2 = codes.asSlice(first + Math.min(2, last) * blockBytes, bytes);
        MemorySegment codes3 = codes.asSlice(first + Math.min(3, last) * blockBytes, bytes);
        MemorySegment spanFactors = factors.asSlice(factor, SPAN * ONE_TOKEN);
        int groups = Math.min(SPAN, count);
        for (int lane = 0; lane < BLOCK_ROWS; lane += LANES) {
            ShortVector sum0 = ShortVector.zero(SHORT);
            ShortVector sum1 = sum0;
            ShortVector sum2 = sum0;
            ShortVector sum3 = sum0;
            for (int group = 0; group < groups; group++) {
                long at = group * (long) GROUP_BYTES + 2L * lane;
                IntVector word0 = IntVector.fromMemorySegment(INT, codes0, at, LITTLE_ENDIAN);
                IntVector word1 = IntVector.fromMemorySegment(INT, codes1, at, LITTLE_ENDIAN);
                IntVector word2 = IntVector.fromMemorySegment(INT, codes2, at, LITTLE_ENDIAN);
                IntVector word3 = IntVector.fromMemorySegment(INT, codes3, at, LITTLE_ENDIAN);
                long place = group * (long) ONE_TOKEN;
                for (int j = 0; j < ShiftedFactors.OF_GROUP; j += 3) {
                    VarHandle.loadLoadFence();
                    ShortVector factor0 = ShortVector.broadcast(SHORT, spanFactors.get(FACTOR, place));
                    sum0 = sum0.add(word0.reinterpretAsShorts().mul(factor0));
                    sum1 = sum1.add(word1.reinterpretAsShorts().mul(factor0));
                    sum2 = sum2.add(word2.reinterpretAsShorts().mul(factor0));
                    sum3 = sum3.add(word3.reinterpretAsShorts().mul(factor0));
                    ShortVector factor1 = ShortVector.broadcast(SHORT, spanFactors.get(FACTOR, place + 2));
                    sum0 = sum0.add(word0.lanewise(LSHR, 2).reinterpretAsShorts().mul(factor1));
                    sum1 = sum1.add(word1.lanewise(LSHR, 2).reinterpretAsShorts().mul(factor1));
                    sum2 = sum2.add(word2.lanewise(LSHR, 2).reinterpretAsShorts().mul(factor1));
                    sum3 = sum3.add(word3.lanewise(LSHR, 2).reinterpretAsShorts().mul(factor1));
                    ShortVector factor2 = ShortVector.broadcast(SHORT, spanFactors.get(FACTOR, place + 4));
                    sum0 = sum0.add(word0.lanewise(LSHR, 4).reinterpretAsShorts().mul(factor2));
                    sum1 = sum1.add(word1.lanewise(LSHR, 4).reinterpretAsShorts().mul(factor2));
                    sum2 = sum2.add(word2.lanewise(LSHR, 4).reinterpretAsShorts().mul(factor2));
                    sum3 = sum3.add(word3.lanewise(LSHR, 4).reinterpretAsShorts().mul(factor2));
                    word0 = word0.lanewise(LSHR, 6);
                    word1 = word1.lanewise(LSHR, 6);
                    word2 = word2.lanewise(LSHR, 6);
                    word3 = word3.lanewise(LSHR, 6);
                    place += 3 * Short.BYTES;
                }
            }
            sum0.intoArray(halves, lane);
            sum1.intoArray(halves, BLOCK_ROWS + lane);
            sum2.intoArray(halves, 2 * BLOCK_ROWS + lane);
            sum3.intoArray(halves, 3 * BLOCK_ROWS + lane);
        }
    }

    /// Adds a span of `count` groups of up to two blocks for up to four tokens.
    private static void twoBlocks(MemorySegment codes, long first, long second, MemorySegment factors, long factor,
            int count, short[] halves) {
        MemorySegment codes0 = codes.asSlice(first, SPAN * GROUP_BYTES);
        MemorySegment codes1 = codes.asSlice(second, SPAN * GROUP_BYTES);
        MemorySegment spanFactors = factors.asSlice(factor, SPAN * FOUR_TOKENS);
        int groups = Math.min(SPAN, count);
        for (int lane = 0; lane < BLOCK_ROWS; lane += LANES) {
            ShortVector sum00 = ShortVector.zero(SHORT);
            ShortVector sum01 = sum00;
            ShortVector sum10 = sum00;
            ShortVector sum11 = sum00;
            ShortVector sum20 = sum00;
            ShortVector sum21 = sum00;
            ShortVector sum30 = sum00;
            ShortVector sum31 = sum00;
            for (int group = 0; group < groups; group++) {
                long at = group * (long) GROUP_BYTES + 2L * lane;
                IntVector word0 = IntVector.fromMemorySegment(INT, codes0, at, LITTLE_ENDIAN);
                IntVector word1 = IntVector.fromMemorySegment(INT, codes1, at, LITTLE_ENDIAN);
                long place = group * (long) FOUR_TOKENS;
                for (int j = 0; j < ShiftedFactors.OF_GROUP; j++) {
                    VarHandle.loadLoadFence();
                    ShortVector shifted0 = word0.reinterpretAsShorts();
                    ShortVector shifted1 = word1.reinterpretAsShorts();
                    ShortVector factor0 = ShortVector.broadcast(SHORT, spanFactors.get(FACTOR, place));
                    sum00 = sum00.add(shifted0.mul(factor0));
                    sum01 = sum01.add(shifted1.mul(factor0));
                    ShortVector factor1 = ShortVector.broadcast(SHORT, spanFactors.get(FACTOR, place + 2));
                    sum10 = sum10.add(shifted0.mul(factor1));
                    sum11 = sum11.add(shifted1.mul(factor1));
                    ShortVector factor2 = ShortVector.broadcast(SHORT, spanFactors.get(FACTOR, place + 4));
                    sum20 = sum20.add(shifted0.mul(factor2));
                    sum21 = sum21.add(shifted1.mul(factor2));
                    ShortVector factor3 = ShortVector.broadcast(SHORT, spanFactors.get(FACTOR, place + 6));
                    sum30 = sum30.add(shifted0.mul(factor3));
                    sum31 = sum31.add(shifted1.mul(factor3));
                    word0 = word0.lanewise(LSHR, 2);
                    word1 = word1.lanewise(LSHR, 2);
                    place += TILE_TOKENS * Short.BYTES;
                }
            }
            sum00.intoArray(halves, lane);
            sum01.intoArray(halves, BLOCK_ROWS + lane);
            sum10.intoArray(halves, 2 * BLOCK_ROWS + lane);
            sum11.intoArray(halves, 3 * BLOCK_ROWS + lane);
            sum20.intoArray(halves, 4 * BLOCK_ROWS + lane);
            sum21.intoArray(halves, 5 * BLOCK_ROWS + lane);
            sum30.intoArray(halves, 6 * BLOCK_ROWS + lane);
            sum31.intoArray(halves, 7 * BLOCK_ROWS + lane);
        }
    }

    /// Adds a block's 16-bit sums to int32: even lanes are the first half of the rows, odd lanes the second, so both come out
    /// in the order of the rows.
    private static void widen(short[] halves, int from, int[] sums, int target) {
        for (int lane = 0; lane < BLOCK_ROWS; lane += LANES) {
            IntVector pairs = ShortVector.fromArray(SHORT, halves, from + lane).reinterpretAsInts();
            int at = target + lane / 2;
            pairs.lanewise(LSHL, 16).lanewise(ASHR, 16).add(IntVector.fromArray(INT, sums, at))
                    .intoArray(sums, at);
            int second = at + BLOCK_ROWS / 2;
            pairs.lanewise(ASHR, 16).add(IntVector.fromArray(INT, sums, second)).intoArray(sums, second);
        }
    }
}
