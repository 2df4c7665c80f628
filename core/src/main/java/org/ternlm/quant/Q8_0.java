package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// ggml's `Q8_0` (tensor type 8): 32 numbers in 34 bytes.
///
/// ```
/// byte   0  1   2             33
///       +------+---------------+
///       | fp16 | 32 times int8 |
///       +------+---------------+
/// ```
///
/// A number is `q · scale`, exact in float. Source: llama.cpp, `block_q8_0`.
///
/// Encoding: `scale = max |x| / 127` and `q = round(x / scale)`, half away from zero, with `1 / scale` rounded to float.
/// The error is at most half a step and the rounding of the scale to a half. Source: llama.cpp,
/// `quantize_row_q8_0_ref`.
public final class Q8_0 implements RoundingBlocks {

    private static final int WEIGHTS = 32;
    private static final float LARGEST = 127;

    Q8_0() {}

    @Override
    public String name() {
        return "Q8_0";
    }

    @Override
    public int blockWeights() {
        return WEIGHTS;
    }

    @Override
    public int blockBytes() {
        return Short.BYTES + WEIGHTS;
    }

    @Override
    public void decodeBlock(MemorySegment block, float[] target, int index) {
        float scale = Float.float16ToFloat(block.get(HALF, 0));
        for (int i = 0; i < WEIGHTS; i++) {
            target[index + i] = scale * block.get(ValueLayout.JAVA_BYTE, Short.BYTES + i);
        }
    }

    @Override
    public void encodeBlock(float[] source, int index, MemorySegment block) {
        float scale = Math.abs(RoundingBlocks.extreme(this, source, index)) / LARGEST;
        float inverse = RoundingBlocks.putScale(this, scale, block);
        for (int i = 0; i < WEIGHTS; i++) {
            double steps = source[index + i] * inverse;
            block.set(ValueLayout.JAVA_BYTE, Short.BYTES + i, (byte) (int) (steps + Math.copySign(0.5, steps)));
        }
    }
}
