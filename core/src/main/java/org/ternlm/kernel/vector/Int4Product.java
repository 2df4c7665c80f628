package org.ternlm.kernel.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;
import org.ternlm.quant.IntegerForm;

/// Blocks of `INT4` times tokens, in the way that [org.ternlm.kernel.IntegerInput] explains: a 32-bit lane is a row, four
/// shifts, multiplications and additions of 16 bits make its eight columns, and both halves of the lane together are
/// the sum of a group, modulo 2¹⁶. It fits 16 bits, so its sign is known.
///
/// Four blocks at once keep several streams of memory going and share the broadcast activations; four tokens share what
/// was shifted. All is written out: vectors that cross a call that C2 does not inline are boxed.
final class Int4Product {
    private static final VectorSpecies<Integer> INT = Species.INT;
    private static final VectorSpecies<Byte> QUARTER = Species.QUARTER_BYTE;
    private static final int ROWS = IntegerForm.BLOCK_ROWS;
    private static final int LANES = INT.length();
    private static final int LINE = ROWS * Integer.BYTES;
    private static final int GROUP_FACTORS = 16;

    private Int4Product() {}

    /// The sums of one block and token.
    ///
    /// @param codes the first word, behind the factors of groups, which begin with `block`
    /// @param at of the token's first factor
    /// @param startAt of its first start
    static void one(MemorySegment data, long block, long codes, int groups, int[] factors, int at, int[] starts,
            int startAt, int[] sums, int sum) {
        for (int lane = 0; lane < ROWS; lane += LANES) {
            IntVector total = IntVector.zero(INT);
            for (int group = 0; group < groups; group++) {
                ShortVector half = IntVector.broadcast(INT, starts[startAt + group]).reinterpretAsShorts();
                for (int line = 0; line < 4; line++) {
                    IntVector word = IntVector.fromMemorySegment(INT, data,
                            codes + (4L * group + line) * LINE + 4L * lane, LITTLE_ENDIAN);
                    int factor = at + group * GROUP_FACTORS + 4 * line;
                    for (int i = 0; i < 4; i++) {
                        ShortVector x = IntVector.broadcast(INT, factors[factor + i]).reinterpretAsShorts();
                        half = word.reinterpretAsShorts().mul(x).add(half);
                        word = word.lanewise(LSHR, 4);
                    }
                }
                IntVector both = half.reinterpretAsInts();
                IntVector scale = (IntVector) ByteVector.fromMemorySegment(QUARTER, data,
                        block + (long) group * ROWS + lane, LITTLE_ENDIAN).convertShape(B2I, INT, 0);
                total = both.add(both.lanewise(LSHL, 16)).lanewise(ASHR, 16).mul(scale).add(total);
            }
            total.intoArray(sums, sum + lane);
        }
    }

    /// Four blocks, each `blockBytes` after the one before, and one token.
    static void fourBlocks(MemorySegment data, long block, long blockBytes, long factorBytes, int groups, int[] factors,
            int[] starts, int token, int[] sums) {
        long block1 = block + blockBytes;
        long block2 = block1 + blockBytes;
        long block3 = block2 + blockBytes;
        int at = token * groups * GROUP_FACTORS;
        for (int lane = 0; lane < ROWS; lane += LANES) {
            IntVector total0 = IntVector.zero(INT);
            IntVector total1 = total0;
            IntVector total2 = total0;
            IntVector total3 = total0;
            for (int group = 0; group < groups; group++) {
                ShortVector half0 = IntVector.broadcast(INT, starts[token * groups + group]).reinterpretAsShorts();
                ShortVector half1 = half0;
                ShortVector half2 = half0;
                ShortVector half3 = half0;
                for (int line = 0; line < 4; line++) {
                    long codes = factorBytes + (4L * group + line) * LINE + 4L * lane;
                    IntVector word0 = IntVector.fromMemorySegment(INT, data, block + codes, LITTLE_ENDIAN);
                    IntVector word1 = IntVector.fromMemorySegment(INT, data, block1 + codes, LITTLE_ENDIAN);
                    IntVector word2 = IntVector.fromMemorySegment(INT, data, block2 + codes, LITTLE_ENDIAN);
                    IntVector word3 = IntVector.fromMemorySegment(INT, data, block3 + codes, LITTLE_ENDIAN);
                    int factor = at + group * GROUP_FACTORS + 4 * line;
                    for (int i = 0; i < 4; i++) {
                        ShortVector x = IntVector.broadcast(INT, factors[factor + i]).reinterpretAsShorts();
                        half0 = word0.reinterpretAsShorts().mul(x).add(half0);
                        half1 = word1.reinterpretAsShorts().mul(x).add(half1);
                        half2 = word2.reinterpretAsShorts().mul(x).add(half2);
                        half3 = word3.reinterpretAsShorts().mul(x).add(half3);
                        word0 = word0.lanewise(LSHR, 4);
                        word1 = word1.lanewise(LSHR, 4);
                        word2 = word2.lanewise(LSHR, 4);
                        word3 = word3.lanewise(LSHR, 4);
                    }
                }
                long scales = (long) group * ROWS + lane;
                IntVector both0 = half0.reinterpretAsInts();
                IntVector scale0 = (IntVector) ByteVector
                        .fromMemorySegment(QUARTER, data, block + scales, LITTLE_ENDIAN).convertShape(B2I, INT, 0);
                total0 = both0.add(both0.lanewise(LSHL, 16)).lanewise(ASHR, 16).mul(scale0).add(total0);
                IntVector both1 = half1.reinterpretAsInts();
                IntVector scale1 = (IntVector) ByteVector
                        .fromMemorySegment(QUARTER, data, block1 + scales, LITTLE_ENDIAN).convertShape(B2I, INT, 0);
                total1 = both1.add(both1.lanewise(LSHL, 16)).lanewise(ASHR, 16).mul(scale1).add(total1);
                IntVector both2 = half2.reinterpretAsInts();
                IntVector scale2 = (IntVector) ByteVector
                        .fromMemorySegment(QUARTER, data, block2 + scales, LITTLE_ENDIAN).convertShape(B2I, INT, 0);
                total2 = both2.add(both2.lanewise(LSHL, 16)).lanewise(ASHR, 16).mul(scale2).add(total2);
                IntVector both3 = half3.reinterpretAsInts();
                IntVector scale3 = (IntVector) ByteVector
                        .fromMemorySegment(QUARTER, data, block3 + scales, LITTLE_ENDIAN).convertShape(B2I, INT, 0);
                total3 = both3.add(both3.lanewise(LSHL, 16)).lanewise(ASHR, 16).mul(scale3).add(total3);
            }
            total0.intoArray(sums, lane);
            total1.intoArray(sums, ROWS + lane);
            total2.intoArray(sums, 2 * ROWS + lane);
            total3.intoArray(sums, 3 * ROWS + lane);
        }
    }

    /// One block and four tokens, from number `token` on.
    static void fourTokens(MemorySegment data, long block, long codes, int groups, int[] factors, int[] starts,
            int token, int[] sums) {
        int stride = groups * GROUP_FACTORS;
        int at = token * stride;
        int startAt = token * groups;
        for (int lane = 0; lane < ROWS; lane += LANES) {
            IntVector total0 = IntVector.zero(INT);
            IntVector total1 = total0;
            IntVector total2 = total0;
            IntVector total3 = total0;
            for (int group = 0; group < groups; group++) {
                ShortVector half0 = IntVector.broadcast(INT, starts[startAt + group]).reinterpretAsShorts();
                ShortVector half1 = IntVector.broadcast(INT, starts[startAt + groups + group]).reinterpretAsShorts();
                ShortVector half2 = IntVector.broadcast(INT, starts[startAt + 2 * groups + group])
                        .reinterpretAsShorts();
                ShortVector half3 = IntVector.broadcast(INT, starts[startAt + 3 * groups + group])
                        .reinterpretAsShorts();
                for (int line = 0; line < 4; line++) {
                    IntVector word = IntVector.fromMemorySegment(INT, data,
                            codes + (4L * group + line) * LINE + 4L * lane, LITTLE_ENDIAN);
                    int factor = at + group * GROUP_FACTORS + 4 * line;
                    for (int i = 0; i < 4; i++) {
                        ShortVector weights = word.reinterpretAsShorts();
                        half0 = IntVector.broadcast(INT, factors[factor + i]).reinterpretAsShorts().mul(weights)
                                .add(half0);
                        half1 = IntVector.broadcast(INT, factors[factor + stride + i]).reinterpretAsShorts()
                                .mul(weights).add(half1);
                        half2 = IntVector.broadcast(INT, factors[factor + 2 * stride + i]).reinterpretAsShorts()
                                .mul(weights).add(half2);
                        half3 = IntVector.broadcast(INT, factors[factor + 3 * stride + i]).reinterpretAsShorts()
                                .mul(weights).add(half3);
                        word = word.lanewise(LSHR, 4);
                    }
                }
                IntVector scale = (IntVector) ByteVector
                        .fromMemorySegment(QUARTER, data, block + (long) group * ROWS + lane, LITTLE_ENDIAN)
                        .convertShape(B2I, INT, 0);
                IntVector both0 = half0.reinterpretAsInts();
                total0 = both0.add(both0.lanewise(LSHL, 16)).lanewise(ASHR, 16).mul(scale).add(total0);
                IntVector both1 = half1.reinterpretAsInts();
                total1 = both1.add(both1.lanewise(LSHL, 16)).lanewise(ASHR, 16).mul(scale).add(total1);
                IntVector both2 = half2.reinterpretAsInts();
                total2 = both2.add(both2.lanewise(LSHL, 16)).lanewise(ASHR, 16).mul(scale).add(total2);
                IntVector both3 = half3.reinterpretAsInts();
                total3 = both3.add(both3.lanewise(LSHL, 16)).lanewise(ASHR, 16).mul(scale).add(total3);
            }
            total0.intoArray(sums, lane);
            total1.intoArray(sums, ROWS + lane);
            total2.intoArray(sums, 2 * ROWS + lane);
            total3.intoArray(sums, 3 * ROWS + lane);
        }
    }
}
