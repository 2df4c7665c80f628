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
public final class Q4_0 implements FloatBlocks {

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
}
