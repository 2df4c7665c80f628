package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// ik_llama.cpp's `IQ1_BN` (tensor type 134): 64 weights in 13 bytes, 1.625 bits a weight, and two bytes a row.
///
/// ```
/// row, byte   0  1   2                13  14    15
///            +------+------------------+-------+--
///            | fp16 | four groups of 3 | extra | next block ...
///            +------+------------------+-------+--
///
/// group g:  byte  0              1               2               extra
///         weight 16g to 16g+4   16g+5 to 16g+9  16g+10 to 16g+14  16g+15, digit g of it
/// ```
///
/// A byte is the fraction `0.c4 c3 c2 c1 c0` in base 3, in units of 1/256 and rounded up: the first weight is the
/// last digit, the other way round than in [TQ1_0]. Multiplying by a power of 3 (modulo 256) moves a digit to the front,
/// where `(v + v/2) / 128` reads it. The extra byte has four digits below a fifth that is always 0.
/// A weight is `(code - 1) · scale`.
///
/// - Source: ik_llama.cpp, `block_iq1_bn`.
/// - Scales: one fp16 a row, stored as the nearest half (ties to even); that half is what decoding returns.
/// - Refused: columns that are no multiple of 64; a scale that is not finite or does not fit a half. No byte is refused:
///   the 13 that encoding never makes decode to what ik_llama.cpp makes of them.
public final class IQ1BN extends RowScaledBlocks {

    private static final int GROUPS = 4;
    private static final int GROUP_WEIGHTS = 16;
    private static final int GROUP_BYTES = 3;
    private static final int EXTRA = GROUPS * GROUP_BYTES;
    private static final int STEPS = 243;
    /// What brings digit `n` to the front.
    private static final int[] SHIFTS = {81, 27, 9, 3, 1};

    IQ1BN() {
        super(Short.BYTES, EXTRA + 1);
    }

    @Override
    public String name() {
        return "IQ1_BN";
    }

    @Override
    void encodeScale(float scale, MemorySegment row) {
        row.set(FloatBlocks.HALF, 0, HalfScaledBlocks.half(name(), scale));
    }

    @Override
    float decodeScale(MemorySegment row) {
        return Float.float16ToFloat(row.get(FloatBlocks.HALF, 0));
    }

    @Override
    void encodeBlock(byte[] trits, int index, MemorySegment block) {
        for (int at = 0; at < EXTRA; at++) {
            block.set(ValueLayout.JAVA_BYTE, at, fraction(trits, index + firstWeight(at), 1, SHIFTS.length));
        }
        block.set(ValueLayout.JAVA_BYTE, EXTRA, fraction(trits, index + GROUP_WEIGHTS - 1, GROUP_WEIGHTS, GROUPS));
    }

    @Override
    void decodeBlock(MemorySegment block, Unpacking weights, int index) {
        for (int at = 0; at < EXTRA; at++) {
            int fraction = block.get(ValueLayout.JAVA_BYTE, at);
            for (int n = 0; n < SHIFTS.length; n++) {
                weights.accept(index + firstWeight(at) + n, digit(fraction, n));
            }
        }
        int extra = block.get(ValueLayout.JAVA_BYTE, EXTRA);
        for (int group = 0; group < GROUPS; group++) {
            weights.accept(index + group * GROUP_WEIGHTS + GROUP_WEIGHTS - 1, digit(extra, group));
        }
    }

    private static int firstWeight(int at) {
        return at / GROUP_BYTES * GROUP_WEIGHTS + at % GROUP_BYTES * SHIFTS.length;
    }

    private static byte fraction(byte[] trits, int first, int stride, int count) {
        int digits = 0;
        for (int n = count - 1; n >= 0; n--) {
            digits = digits * 3 + trits[first + n * stride] + 1;
        }
        return (byte) Math.ceilDiv(digits * 256, STEPS);
    }

    private static int digit(int fraction, int n) {
        int front = fraction * SHIFTS[n] & 0xff;
        return front + (front >> 1) >> 7;
    }
}
