package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// ik_llama.cpp's `IQ2_BN` (tensor type 135): two bits a weight and four bytes a row.
///
/// ```
/// row, byte   0      3   4          19   20         35
///            +----------+--------------+--------------+--
///            |   f32    | weights 0-63 | weights 64-127 ...
///            +----------+--------------+--------------+--
///
/// byte m of block b:  bits  7 6        5 4        3 2      1 0
///                   weight 64b+48+m  64b+32+m  64b+16+m  64b+m
/// ```
///
/// A weight is `(code - 1) · scale`.
///
/// - Source: ik_llama.cpp, `block_iq2_bn`.
/// - Scales: one f32 a row.
/// - Refused: columns that are no multiple of 64; code 3; a scale that is not finite.
public final class IQ2BN extends RowScaledBlocks {

    private static final int CODE_BYTES = 16;
    private static final ValueLayout.OfFloat SCALE = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(
            ByteOrder.LITTLE_ENDIAN);

    IQ2BN() {
        super(Float.BYTES, CODE_BYTES);
    }

    @Override
    public String name() {
        return "IQ2_BN";
    }

    @Override
    void encodeScale(float scale, MemorySegment row) {
        row.set(SCALE, 0, scale);
    }

    @Override
    float decodeScale(MemorySegment row) {
        return row.get(SCALE, 0);
    }

    @Override
    void encodeBlock(byte[] trits, int index, MemorySegment block) {
        for (int at = 0; at < CODE_BYTES; at++) {
            int codes = 0;
            for (int i = 0; i < 4; i++) {
                codes |= (trits[index + CODE_BYTES * i + at] + 1) << (2 * i);
            }
            block.set(ValueLayout.JAVA_BYTE, at, (byte) codes);
        }
    }

    @Override
    void decodeBlock(MemorySegment block, Unpacking weights, int index) {
        for (int at = 0; at < CODE_BYTES; at++) {
            int codes = block.get(ValueLayout.JAVA_BYTE, at);
            for (int i = 0; i < 4; i++) {
                weights.accept(index + CODE_BYTES * i + at, codes >> (2 * i) & 3);
            }
        }
    }
}
