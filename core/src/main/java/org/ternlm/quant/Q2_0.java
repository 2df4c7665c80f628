package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// ggml's `Q2_0` (tensor type 42): 64 weights in 18 bytes, 2.25 bits a weight.
///
/// ```
/// byte   0  1   2                        17
///       +------+--------------------------+
///       | fp16 | weights 0-63, 4 to a byte|
///       +------+--------------------------+
///
/// byte 2+m:  bits  7 6    5 4    3 2    1 0
///          weight 4m+3   4m+2   4m+1   4m
/// ```
///
/// A weight is `(code - 1) · scale`; blocks are row-major. The format knows a fourth value, +2: a tensor that uses it is
/// not ternary. Files made before the format settled have 128 weights to a scale under the same name and number: their
/// size gives them away, and they are not this layout.
///
/// - Source: llama.cpp, `block_q2_0`.
/// - Scales: one fp16 a block, which must be the same along a row. A scale is stored as the nearest half (ties to even),
///   and that half is what decoding returns.
/// - Refused: columns that are no multiple of 64; code 3 (+2); scales that differ within a row (but that of a block of
///   zeros may be 0), are not finite or do not fit a half.
public final class Q2_0 extends HalfScaledBlocks {

    private static final int WEIGHTS = 64;
    private static final int CODE_BYTES = 16;

    Q2_0() {
        super(WEIGHTS, Short.BYTES + CODE_BYTES, 0);
    }

    @Override
    public String name() {
        return "Q2_0";
    }

    @Override
    void encodeBlock(byte[] trits, int index, MemorySegment block) {
        for (int at = 0; at < CODE_BYTES; at++) {
            int codes = 0;
            for (int i = 0; i < 4; i++) {
                codes |= (trits[index + 4 * at + i] + 1) << (2 * i);
            }
            block.set(ValueLayout.JAVA_BYTE, Short.BYTES + at, (byte) codes);
        }
    }

    @Override
    void decodeBlock(MemorySegment block, Unpacking weights, int index) {
        for (int at = 0; at < CODE_BYTES; at++) {
            int codes = block.get(ValueLayout.JAVA_BYTE, Short.BYTES + at);
            for (int i = 0; i < 4; i++) {
                weights.accept(index + 4 * at + i, (codes >> (2 * i)) & 3);
            }
        }
    }
}
