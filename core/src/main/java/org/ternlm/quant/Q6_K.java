package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// ggml's `Q6_K` (tensor type 14): 256 numbers in 210 bytes, with a scale for each 16 of them.
///
/// ```
/// byte   0        127 128      191 192      207 208 209
///       +------------+------------+------------+------+
///       | lower four | upper two  | 16 scales, | fp16 |
///       | bits       | bits       | int8       |      |
///       +------------+------------+------------+------+
///
/// of the first 128 numbers (the others are the same, from byte 64 and byte 160 on):
/// byte m, m < 32:   bits 3-0 number m      bits 7-4 number 64+m
/// byte 32+m:        bits 3-0 number 32+m   bits 7-4 number 96+m
/// byte 128+m:       bits 1-0 number m      bits 3-2 number 32+m   bits 5-4 number 64+m   bits 7-6 number 96+m
/// ```
///
/// A number is `(bits - 32) · scale of its 16 · fp16`, exact in float. Source: llama.cpp, `block_q6_K`.
public final class Q6_K implements FloatBlocks {

    private static final int WEIGHTS = 256;
    private static final int UPPER = 128;
    private static final int SCALES = 192;
    static final int SCALE = 208;
    private static final int ZERO = 32;
    private static final int RUN = 32;

    Q6_K() {}

    @Override
    public String name() {
        return "Q6_K";
    }

    @Override
    public int blockWeights() {
        return WEIGHTS;
    }

    @Override
    public int blockBytes() {
        return SCALE + Short.BYTES;
    }

    @Override
    public void decodeBlock(MemorySegment block, float[] target, int index) {
        float scale = Float.float16ToFloat(block.get(HALF, SCALE));
        for (int i = 0; i < WEIGHTS; i++) {
            int half = i / 128;
            int run = i % 128 / RUN;
            int m = i % RUN;
            int lower = block.get(ValueLayout.JAVA_BYTE, half * 64 + run % 2 * RUN + m) >> run / 2 * 4 & 0xf;
            int upper = block.get(ValueLayout.JAVA_BYTE, UPPER + half * RUN + m) >> 2 * run & 3;
            int own = block.get(ValueLayout.JAVA_BYTE, SCALES + i / 16);
            target[index + i] = scale * own * ((upper << 4 | lower) - ZERO);
        }
    }
}
