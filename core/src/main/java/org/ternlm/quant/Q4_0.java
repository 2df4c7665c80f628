package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// ggml's `Q4_0` (tensor type 2): 32 numbers in 18 bytes.
///
/// ```
/// byte   0  1   2          17            byte 2+m:  bits  7 … 4    3 … 0
///       +------+------------+                     number   16+m      m
///       | fp16 |  nibbles   |
///       +------+------------+
/// ```
///
/// A number is `(nibble - 8) · scale`, exact in float. Source: llama.cpp, `block_q4_0`.
///
/// Encoding: with the number of the largest magnitude, e,
///
/// ```
/// scale  = e / -8                                 negative where e is positive: only -8 lies that far out
/// nibble = min(15, floor(x / scale + 8.5))        half upwards, with 1 / scale rounded to float
/// ```
///
/// The error is at most half a step, but a whole one at the end opposite to e, and the rounding of the scale to a half.
/// Zeros have the scale -0, as ggml writes it. Source: llama.cpp, `quantize_row_q4_0_ref`.
public final class Q4_0 implements RoundingBlocks {

    private static final int WEIGHTS = 32;
    private static final int CODE_BYTES = WEIGHTS / 2;
    private static final int ZERO = 8;

    Q4_0() {}

    @Override
    public String name() {
        return "Q4_0";
    }

    @Override
    public int blockWeights() {
        return WEIGHTS;
    }

    @Override
    public int blockBytes() {
        return Short.BYTES + CODE_BYTES;
    }

    @Override
    public void decodeBlock(MemorySegment block, float[] target, int index) {
        float scale = Float.float16ToFloat(block.get(HALF, 0));
        for (int i = 0; i < CODE_BYTES; i++) {
            int nibbles = block.get(ValueLayout.JAVA_BYTE, Short.BYTES + i);
            target[index + i] = scale * ((nibbles & 0xf) - ZERO);
            target[index + CODE_BYTES + i] = scale * ((nibbles >> 4 & 0xf) - ZERO);
        }
    }

    @Override
    public void encodeBlock(float[] source, int index, MemorySegment block) {
        float scale = RoundingBlocks.extreme(this, source, index) / -ZERO;
        float inverse = RoundingBlocks.putScale(this, scale, block);
        for (int i = 0; i < CODE_BYTES; i++) {
            int low = nibble(source[index + i] * inverse);
            int high = nibble(source[index + CODE_BYTES + i] * inverse);
            block.set(ValueLayout.JAVA_BYTE, Short.BYTES + i, (byte) (high << 4 | low));
        }
    }

    private static int nibble(float steps) {
        return Math.min(15, (int) (steps + (ZERO + 0.5f)));
    }
}
