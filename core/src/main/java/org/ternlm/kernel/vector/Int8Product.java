package org.ternlm.kernel.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.ternlm.quant.IntegerForm;

/// Blocks of `INT8` times tokens, in the way that [org.ternlm.kernel.IntegerInput] explains: a 32-bit lane is a row, four
/// shifts, multiplications and additions make its four columns, modulo 2³². Otherwise as [Int4Product].
final class Int8Product {
    private static final VectorSpecies<Integer> INT = Species.INT;
    private static final int ROWS = IntegerForm.BLOCK_ROWS;
    private static final int LANES = INT.length();
    private static final int LINE = ROWS * Integer.BYTES;

    private Int8Product() {}

    /// The sums of one block and token.
    ///
    /// @param lines words a row
    /// @param at of the token's first factor
    static void one(MemorySegment data, long block, int lines, int[] factors, int at, int start, int[] sums, int sum) {
        for (int lane = 0; lane < ROWS; lane += LANES) {
            IntVector total = IntVector.broadcast(INT, start);
            for (int line = 0; line < lines; line++) {
                IntVector word = IntVector.fromMemorySegment(INT, data, block + (long) line * LINE + 4L * lane,
                        LITTLE_ENDIAN);
                for (int i = 0; i < 4; i++) {
                    total = word.mul(IntVector.broadcast(INT, factors[at + 4 * line + i])).add(total);
                    word = word.lanewise(LSHR, 8);
                }
            }
            total.intoArray(sums, sum + lane);
        }
    }

    /// Four blocks, each `blockBytes` after the one before, and one token.
    static void fourBlocks(MemorySegment data, long block, long blockBytes, int lines, int[] factors, int at, int start,
            int[] sums) {
        long block1 = block + blockBytes;
        long block2 = block1 + blockBytes;
        long block3 = block2 + blockBytes;
        for (int lane = 0; lane < ROWS; lane += LANES) {
            IntVector total0 = IntVector.broadcast(INT, start);
            IntVector total1 = total0;
            IntVector total2 = total0;
            IntVector total3 = total0;
            for (int line = 0; line < lines; line++) {
                long codes = (long) line * LINE + 4L * lane;
                IntVector word0 = IntVector.fromMemorySegment(INT, data, block + codes, LITTLE_ENDIAN);
                IntVector word1 = IntVector.fromMemorySegment(INT, data, block1 + codes, LITTLE_ENDIAN);
                IntVector word2 = IntVector.fromMemorySegment(INT, data, block2 + codes, LITTLE_ENDIAN);
                IntVector word3 = IntVector.fromMemorySegment(INT, data, block3 + codes, LITTLE_ENDIAN);
                for (int i = 0; i < 4; i++) {
                    IntVector x = IntVector.broadcast(INT, factors[at + 4 * line + i]);
                    total0 = word0.mul(x).add(total0);
                    total1 = word1.mul(x).add(total1);
                    total2 = word2.mul(x).add(total2);
                    total3 = word3.mul(x).add(total3);
                    word0 = word0.lanewise(LSHR, 8);
                    word1 = word1.lanewise(LSHR, 8);
                    word2 = word2.lanewise(LSHR, 8);
                    word3 = word3.lanewise(LSHR, 8);
                }
            }
            total0.intoArray(sums, lane);
            total1.intoArray(sums, ROWS + lane);
            total2.intoArray(sums, 2 * ROWS + lane);
            total3.intoArray(sums, 3 * ROWS + lane);
        }
    }

    /// One block and four tokens, from number `token` on.
    static void fourTokens(MemorySegment data, long block, int lines, int[] factors, int[] starts, int token,
            int[] sums) {
        int stride = 4 * lines;
        int at = token * stride;
        for (int lane = 0; lane < ROWS; lane += LANES) {
            IntVector total0 = IntVector.broadcast(INT, starts[token]);
            IntVector total1 = IntVector.broadcast(INT, starts[token + 1]);
            IntVector total2 = IntVector.broadcast(INT, starts[token + 2]);
            IntVector total3 = IntVector.broadcast(INT, starts[token + 3]);
            for (int line = 0; line < lines; line++) {
                IntVector word = IntVector.fromMemorySegment(INT, data, block + (long) line * LINE + 4L * lane,
                        LITTLE_ENDIAN);
                int factor = at + 4 * line;
                for (int i = 0; i < 4; i++) {
                    total0 = word.mul(IntVector.broadcast(INT, factors[factor + i])).add(total0);
                    total1 = word.mul(IntVector.broadcast(INT, factors[factor + stride + i])).add(total1);
                    total2 = word.mul(IntVector.broadcast(INT, factors[factor + 2 * stride + i])).add(total2);
                    total3 = word.mul(IntVector.broadcast(INT, factors[factor + 3 * stride + i])).add(total3);
                    word = word.lanewise(LSHR, 8);
                }
            }
            total0.intoArray(sums, lane);
            total1.intoArray(sums, ROWS + lane);
            total2.intoArray(sums, 2 * ROWS + lane);
            total3.intoArray(sums, 3 * ROWS + lane);
        }
    }
}
