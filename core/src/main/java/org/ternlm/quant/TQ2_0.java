package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// ggml's `TQ2_0` (tensor type 35): 256 weights in 66 bytes, 2.0625 bits a weight.
///
/// ```
/// byte   0            31 32            63 64  65
///       +---------------+----------------+------+
///       | weights 0-127 | weights 128-255| fp16 |
///       +---------------+----------------+------+
///
/// byte m of the first half:    bits  7 6    5 4    3 2    1 0
///                           weight  96+m   64+m   32+m      m
/// ```
///
/// The second half is the same for the weights from 128 on. A weight is `(code - 1) · scale`; blocks are row-major.
///
/// - Source: llama.cpp, `block_tq2_0`.
/// - Scales: one fp16 a block, which must be the same along a row. A scale is stored as the nearest half (ties to even),
///   and that half is what decoding returns.
/// - Refused: columns that are no multiple of 256; code 3; scales that differ within a row (but that of a block of zeros
///   may be 0), are not finite or do not fit a half.
public final class TQ2_0 extends HalfScaledBlocks {

    private static final int WEIGHTS = 256;
    private static final int CODE_BYTES = 64;
    private static final int STRIDE = 32;

    TQ2_0() {
        super(WEIGHTS, CODE_BYTES + Short.BYTES, CODE_BYTES);
    }

    @Override
    public String name() {
        return "TQ2_0";
    }

    @Override
    void encodeBlock(byte[] trits, int index, MemorySegment block) {
        for (int at = 0; at < CODE_BYTES; at++) {
            int first = index + firstWeight(at);
            int codes = 0;
            for (int i = 0; i < 4; i++) {
                codes |= (trits[first + STRIDE * i] + 1) << (2 * i);
            }
            block.set(ValueLayout.JAVA_BYTE, at, (byte) codes);
        }
    }

    @Override
    void decodeBlock(MemorySegment block, Unpacking weights, int index) {
        for (int at = 0; at < CODE_BYTES; at++) {
            int codes = block.get(ValueLayout.JAVA_BYTE, at);
            for (int i = 0; i < 4; i++) {
                weights.accept(index + firstWeight(at) + STRIDE * i, (codes >> (2 * i)) & 3);
            }
        }
    }

    /// The weight in the lowest bits of byte `at`.
    private static int firstWeight(int at) {
        return at / STRIDE * 4 * STRIDE + at % STRIDE;
    }
}
