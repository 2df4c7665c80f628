package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// ggml's `Q1_0` (tensor type 41): 128 weights of ±1 in 18 bytes, 1.125 bits a weight.
///
/// ```
/// byte   0  1   2                         17
///       +------+---------------------------+
///       | fp16 | weights 0-127, 8 to a byte|
///       +------+---------------------------+
///
/// byte 2+m:   bit   7     6     5     4     3     2     1     0
///          weight  8m+7  8m+6  8m+5  8m+4  8m+3  8m+2  8m+1  8m
/// ```
///
/// A weight is `scale` where its bit is 1 and `-scale` where it is 0; blocks are row-major.
///
/// - Source: llama.cpp, `block_q1_0`.
/// - Scales: one fp16 a block, which must be the same along a row. A scale is stored as the nearest half (ties to even),
///   and that half is what decoding returns.
/// - Refused: columns that are no multiple of 128; a weight of 0; scales that differ within a row, are not finite or do
///   not fit a half.
public final class Q1_0 extends HalfScaledBlocks {

    private static final int WEIGHTS = 128;
    private static final int CODE_BYTES = WEIGHTS / Byte.SIZE;

    Q1_0() {
        super(WEIGHTS, Short.BYTES + CODE_BYTES, 0);
    }

    @Override
    public String name() {
        return "Q1_0";
    }

    @Override
    void encodeBlock(byte[] trits, int index, MemorySegment block) {
        for (int at = 0; at < CODE_BYTES; at++) {
            int bits = 0;
            for (int i = 0; i < Byte.SIZE; i++) {
                int trit = trits[index + Byte.SIZE * at + i];
                if (trit == 0) {
                    throw new IllegalArgumentException("Q1_0: weight %d is 0, expected -1 or +1".formatted(index
                            + Byte.SIZE * at + i));
                }
                bits |= (trit + 1) / 2 << i;
            }
            block.set(ValueLayout.JAVA_BYTE, Short.BYTES + at, (byte) bits);
        }
    }

    @Override
    void decodeBlock(MemorySegment block, Unpacking weights, int index) {
        for (int at = 0; at < CODE_BYTES; at++) {
            int bits = block.get(ValueLayout.JAVA_BYTE, Short.BYTES + at);
            for (int i = 0; i < Byte.SIZE; i++) {
                weights.accept(index + Byte.SIZE * at + i, (bits >> i & 1) * 2);
            }
        }
    }
}
