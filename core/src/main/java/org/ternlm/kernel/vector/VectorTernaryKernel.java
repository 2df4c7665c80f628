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
import org.ternlm.kernel.TernaryKernel;
import org.ternlm.quant.Interleaved2;
import org.ternlm.quant.Packing;
import org.ternlm.quant.Packings;

/// [TernaryKernel] on the layout [Interleaved2] at any vector width: each 16-bit lane is a row, eight columns of two
/// bits in it.
///
/// A code (0, 1 or 2) times an activation is at most 256 in size, so 16 groups of 8 columns fit into 16-bit
/// accumulators: between -32,768 (2 · -128 · 128) and 32,512. Then they are widened into the int32 sums. The code's
/// offset of 1 is taken off by starting from -Σ q.
///
/// One token works on four blocks of rows at once: four distant streams keep more of the memory system busy than one
/// does, and a broadcast activation serves four multiplications. Several tokens work four at a time on one block: the
/// unpacked codes serve four multiplications. Everything is written out in one method each, since vectors that cross a
/// call that C2 does not inline are boxed.
final class VectorTernaryKernel implements TernaryKernel {
    private static final VectorSpecies<Short> SHORT = Species.SHORT;
    private static final int LANES = SHORT.length();
    private static final int SPAN_GROUPS = 16;
    private static final int GROUP_BYTES = Interleaved2.GROUP_BYTES;
    private static final int TWO_BITS = 0x0003_0003;

    @Override
    public String name() {
        return "vector-" + Species.SHAPE.vectorBitSize();
    }

    @Override
    public Packing packing() {
        return Packings.TERN2;
    }

    @Override
    public void multiply(MemorySegment codes, int rows, int fromBlock, int toBlock, Activations activations,
            int fromToken, int toToken, int[] sums) {
        int groups = Interleaved2.groups(activations.columns());
        int stride = activations.stride();
        byte[] values = activations.values();
        int paddedRows = TernaryKernel.paddedRows(rows);
        long blockBytes = (long) groups * GROUP_BYTES;
        for (int token = fromToken; token < toToken; token++) {
            int start = (token - fromToken) * paddedRows;
            Arrays.fill(sums, start + fromBlock * BLOCK_ROWS, start + toBlock * BLOCK_ROWS,
                    -activations.totals()[token]);
        }
        int token = fromToken;
        for (; token + 4 <= toToken; token += 4) {
            for (int block = fromBlock; block < toBlock; block++) {
                fourTokens(codes, block * blockBytes, groups, values, token * stride, stride, sums,
                        (token - fromToken) * paddedRows + block * BLOCK_ROWS, paddedRows);
            }
        }
        for (; token < toToken; token++) {
            int target = (token - fromToken) * paddedRows;
            int block = fromBlock;
            for (; block + 4 <= toBlock; block += 4) {
                fourBlocks(codes, block * blockBytes, blockBytes, groups, values, token * stride, sums,
                        target + block * BLOCK_ROWS);
            }
            for (; block < toBlock; block++) {
                oneBlock(codes, block * blockBytes, groups, values, token * stride, sums,
                        target + block * BLOCK_ROWS);
            }
        }
    }

    /// Four consecutive blocks of rows, one token.
    private static void fourBlocks(MemorySegment codes, long first, long blockBytes, int groups, byte[] activations,
            int start, int[] sums, int target) {
        long second = first + blockBytes;
        long third = second + blockBytes;
        long fourth = third + blockBytes;
        for (int span = 0; span < groups; span += SPAN_GROUPS) {
            int spanEnd = Math.min(groups, span + SPAN_GROUPS);
            for (int lane = 0; lane < BLOCK_ROWS; lane += LANES) {
                ShortVector sum0 = ShortVector.zero(SHORT);
                ShortVector sum1 = sum0;
                ShortVector sum2 = sum0;
                ShortVector sum3 = sum0;
                for (int group = span; group < spanEnd; group++) {
                    long offset = (long) group * GROUP_BYTES + 2L * lane;
                    IntVector word0 = ShortVector.fromMemorySegment(SHORT, codes, first + offset, LITTLE_ENDIAN)
                            .reinterpretAsInts();
                    IntVector word1 = ShortVector.fromMemorySegment(SHORT, codes, second + offset, LITTLE_ENDIAN)
                            .reinterpretAsInts();
                    IntVector word2 = ShortVector.fromMemorySegment(SHORT, codes, third + offset, LITTLE_ENDIAN)
                            .reinterpretAsInts();
                    IntVector word3 = ShortVector.fromMemorySegment(SHORT, codes, fourth + offset, LITTLE_ENDIAN)
                            .reinterpretAsInts();
                    int column = start + group * 8;
                    for (int j = 0; j < 8; j++) {
                        ShortVector activation = ShortVector.broadcast(SHORT, (short) activations[column + j]);
                        sum0 = word0.and(TWO_BITS).reinterpretAsShorts().mul(activation).add(sum0);
                        sum1 = word1.and(TWO_BITS).reinterpretAsShorts().mul(activation).add(sum1);
                        sum2 = word2.and(TWO_BITS).reinterpretAsShorts().mul(activation).add(sum2);
                        sum3 = word3.and(TWO_BITS).reinterpretAsShorts().mul(activation).add(sum3);
                        word0 = word0.lanewise(LSHR, 2);
                        word1 = word1.lanewise(LSHR, 2);
                        word2 = word2.lanewise(LSHR, 2);
                        word3 = word3.lanewise(LSHR, 2);
                    }
                }
                int at = target + lane / 2;
                widen(sum0, sums, at);
                widen(sum1, sums, at + BLOCK_ROWS);
                widen(sum2, sums, at + 2 * BLOCK_ROWS);
                widen(sum3, sums, at + 3 * BLOCK_ROWS);
            }
        }
    }

    /// One block of rows, four tokens.
    private static void fourTokens(MemorySegment codes, long first, int groups, byte[] activations, int start,
            int stride, int[] sums, int target, int paddedRows) {
        for (int span = 0; span < groups; span += SPAN_GROUPS) {
            int spanEnd = Math.min(groups, span + SPAN_GROUPS);
            for (int lane = 0; lane < BLOCK_ROWS; lane += LANES) {
                ShortVector sum0 = ShortVector.zero(SHORT);
                ShortVector sum1 = sum0;
                ShortVector sum2 = sum0;
                ShortVector sum3 = sum0;
                for (int group = span; group < spanEnd; group++) {
                    long offset = (long) group * GROUP_BYTES + 2L * lane;
                    IntVector word = ShortVector.fromMemorySegment(SHORT, codes, first + offset, LITTLE_ENDIAN)
                            .reinterpretAsInts();
                    int column = start + group * 8;
                    for (int j = 0; j < 8; j++) {
                        ShortVector code = word.and(TWO_BITS).reinterpretAsShorts();
                        int at = column + j;
                        sum0 = code.mul((short) activations[at]).add(sum0);
                        sum1 = code.mul((short) activations[at + stride]).add(sum1);
                        sum2 = code.mul((short) activations[at + 2 * stride]).add(sum2);
                        sum3 = code.mul((short) activations[at + 3 * stride]).add(sum3);
                        word = word.lanewise(LSHR, 2);
                    }
                }
                int at = target + lane / 2;
                widen(sum0, sums, at);
                widen(sum1, sums, at + paddedRows);
                widen(sum2, sums, at + 2 * paddedRows);
                widen(sum3, sums, at + 3 * paddedRows);
            }
        }
    }

    /// One block of rows, one token.
    private static void oneBlock(MemorySegment codes, long first, int groups, byte[] activations, int start,
            int[] sums, int target) {
        for (int span = 0; span < groups; span += SPAN_GROUPS) {
            int spanEnd = Math.min(groups, span + SPAN_GROUPS);
            for (int lane = 0; lane < BLOCK_ROWS; lane += LANES) {
                ShortVector sum = ShortVector.zero(SHORT);
                for (int group = span; group < spanEnd; group++) {
                    long offset = (long) group * GROUP_BYTES + 2L * lane;
                    IntVector word = ShortVector.fromMemorySegment(SHORT, codes, first + offset, LITTLE_ENDIAN)
                            .reinterpretAsInts();
                    int column = start + group * 8;
                    for (int j = 0; j < 8; j++) {
                        sum = word.and(TWO_BITS).reinterpretAsShorts().mul((short) activations[column + j]).add(sum);
                        word = word.lanewise(LSHR, 2);
                    }
                }
                widen(sum, sums, target + lane / 2);
            }
        }
    }

    /// Adds 16-bit sums to int32: even lanes are the first half of a block's rows, odd lanes the second, so both come
    /// out in the order of the rows.
    private static void widen(ShortVector sum, int[] sums, int at) {
        IntVector pairs = sum.reinterpretAsInts();
        pairs.lanewise(LSHL, 16).lanewise(ASHR, 16).add(IntVector.fromArray(Species.INT, sums, at))
                .intoArray(sums, at);
        int second = at + BLOCK_ROWS / 2;
        pairs.lanewise(ASHR, 16).add(IntVector.fromArray(Species.INT, sums, second)).intoArray(sums, second);
    }
}
