package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// bitnet.cpp's `I2_S` (tensor type 36), as in the published BitNet 2B4T file: two bits a weight and 32 bytes a matrix.
///
/// ```
/// byte   0       31                      M*K/4  +4          +32
///       +----------+----------+--   --+--------+------------+
///       | group 0  | group 1  |  ...  |  f32   |   unused   |
///       +----------+----------+--   --+--------+------------+
///
/// byte m of group g:  bits  7 6        5 4          3 2          1 0
///                   weight 128g+m   128g+32+m    128g+64+m    128g+96+m
/// ```
///
/// The weights are one row-major stream in groups of 128. The first quarter of a group lies in the highest bits: the
/// other way round than in [TQ2_0]. A weight is `(code - 1) · scale`. The unused bytes are written as 0 and not read.
///
/// Two other layouts go by this name and number: groups of 64 from builds for ARM, and four rows to a byte from builds
/// without "activation parallel". Nothing in a file tells them apart; this is the one that is published.
///
/// - Source: microsoft/BitNet, `quantize_i2_s` and `quantize_to_i2_s`.
/// - Scales: exactly one f32 for the matrix.
/// - Refused: columns that are no multiple of 128; a scale for each row; code 3; a scale that is not finite.
public final class I2S implements Packing {

    private static final int GROUP_WEIGHTS = 128;
    private static final int GROUP_BYTES = 32;
    private static final int TAIL_BYTES = 32;

    private static final ValueLayout.OfFloat SCALE = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(
            ByteOrder.LITTLE_ENDIAN);

    I2S() {}

    @Override
    public String name() {
        return "I2_S";
    }

    @Override
    public int columnMultiple() {
        return GROUP_WEIGHTS;
    }

    @Override
    public boolean holdsScales() {
        return true;
    }

    @Override
    public long byteSize(int rows, int columns) {
        checkShape(rows, columns);
        return codeBytes(rows, columns) + TAIL_BYTES;
    }

    @Override
    public void encode(TernaryMatrix matrix, MemorySegment target) {
        MemorySegment packed = packed(target, matrix.rows(), matrix.columns());
        if (matrix.weightScales().length != 1) {
            throw new IllegalArgumentException(
                    "I2_S: holds one weight scale for the matrix, found one for each of %d rows"
                            .formatted(matrix.rows()));
        }
        long codeBytes = codeBytes(matrix.rows(), matrix.columns());
        for (int at = 0; at < codeBytes; at++) {
            int codes = 0;
            for (int i = 0; i < 4; i++) {
                codes |= (matrix.trits()[weight(at, i)] + 1) << shift(i);
            }
            packed.set(ValueLayout.JAVA_BYTE, at, (byte) codes);
        }
        packed.asSlice(codeBytes).fill((byte) 0);
        packed.set(SCALE, codeBytes, matrix.weightScale(0));
    }

    @Override
    public TernaryMatrix decode(MemorySegment source, int rows, int columns, float[] weightScales) {
        MemorySegment packed = packed(source, rows, columns);
        Unpacking weights = new Unpacking(this, rows, columns);
        long codeBytes = codeBytes(rows, columns);
        float scale = packed.get(SCALE, codeBytes);
        if (!Float.isFinite(scale)) {
            throw new IllegalArgumentException("I2_S: the weight scale is " + scale);
        }
        // A row of bytes at a time: at start-up this runs before the compiler has made single accesses to memory cheap.
        byte[] codes = new byte[columns / 4];
        for (int start = 0; start < codeBytes; start += codes.length) {
            MemorySegment.copy(packed, ValueLayout.JAVA_BYTE, start, codes, 0, codes.length);
            for (int at = 0; at < codes.length; at += GROUP_BYTES) {
                for (int i = 0; i < 4; i++) {
                    weights.accept(weight(start + at, i), codes, at, GROUP_BYTES, shift(i));
                }
            }
        }
        return weights.matrix(scale);
    }

    private static long codeBytes(int rows, int columns) {
        return (long) rows * (columns / 4);
    }

    /// The weight in quarter `i` of byte `at`; an array of weights has no more than 2^29 bytes of codes.
    private static int weight(int at, int i) {
        return at / GROUP_BYTES * GROUP_WEIGHTS + i * GROUP_BYTES + at % GROUP_BYTES;
    }

    private static int shift(int i) {
        return 6 - 2 * i;
    }
}
