package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// ggml's `TQ1_0` (tensor type 34): 256 weights in 54 bytes, 1.6875 bits a weight. Five weights share a byte.
///
/// ```
/// byte   0            31 32            47 48            51 52  53
///       +---------------+----------------+----------------+------+
///       | weights 0-159 | weights 160-239| weights 240-255| fp16 |
///       +---------------+----------------+----------------+------+
///        5 to a byte     5 to a byte      4 to a byte
///        32 apart        16 apart         4 apart
///        (0: 0, 32, ...) (32: 160, 176..) (48: 240, 244, 248, 252)
/// ```
///
/// A byte is the fraction `0.c0 c1 c2 c3 c4` in base 3, in units of 1/256 and rounded up: multiplying by 3 moves one
/// code after the other above the point. The last four bytes hold four codes and a fifth that is always 0. A weight is
/// `(code - 1) · scale`; blocks are row-major.
///
/// - Source: llama.cpp, `block_tq1_0`.
/// - Scales: one fp16 a block, which must be the same along a row. A scale is stored as the nearest half (ties to even),
///   and that half is what decoding returns.
/// - Refused: columns that are no multiple of 256; scales that differ within a row (but that of a block of zeros may be
///   0), are not finite or do not fit a half. No byte is refused: the 13 that encoding never makes decode to what ggml
///   makes of them.
public final class TQ1_0 extends HalfScaledBlocks {

    private static final int WEIGHTS = 256;
    private static final int CODE_BYTES = 52;
    private static final int CODES_PER_BYTE = 5;
    private static final int STEPS = 243;

    private static final List<Run> RUNS = List.of(new Run(0, 32, 5, 0), new Run(32, 16, 5, 160),
            new Run(48, 4, 4, 240));

    /// Bytes that are laid out alike: code `n` of byte `firstByte + m` is weight `firstWeight + n · bytes + m`.
    private record Run(int firstByte, int bytes, int codes, int firstWeight) {}

    TQ1_0() {
        super(WEIGHTS, CODE_BYTES + Short.BYTES, CODE_BYTES);
    }

    @Override
    public String name() {
        return "TQ1_0";
    }

    @Override
    void encodeBlock(byte[] trits, int index, MemorySegment block) {
        for (Run run : RUNS) {
            for (int m = 0; m < run.bytes; m++) {
                int digits = 0;
                for (int n = 0; n < CODES_PER_BYTE; n++) {
                    int code = n < run.codes ? trits[index + run.firstWeight + n * run.bytes + m] + 1 : 0;
                    digits = digits * 3 + code;
                }
                block.set(ValueLayout.JAVA_BYTE, run.firstByte + m, (byte) Math.ceilDiv(digits * 256, STEPS));
            }
        }
    }

    @Override
    void decodeBlock(MemorySegment block, Unpacking weights, int index) {
        for (Run run : RUNS) {
            for (int m = 0; m < run.bytes; m++) {
                int fraction = Byte.toUnsignedInt(block.get(ValueLayout.JAVA_BYTE, run.firstByte + m));
                for (int n = 0; n < run.codes; n++) {
                    int tripled = fraction * 3;
                    weights.accept(index + run.firstWeight + n * run.bytes + m, tripled >> 8);
                    fraction = tripled & 0xff;
                }
            }
        }
    }
}
