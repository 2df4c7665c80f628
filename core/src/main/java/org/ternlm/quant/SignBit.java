package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// ±1 weights of the first BitNet, one bit each: 1 for +1 and 0 for -1.
///
/// ```
/// rows of ceil(K/8) bytes, row-major
///
/// byte m of a row:  bit   7     6     5     4     3     2     1     0
///                column  8m+7  8m+6  8m+5  8m+4  8m+3  8m+2  8m+1  8m
/// ```
///
/// A row starts on a byte; the bits after its last column are written as 0 and not read.
///
/// - Source: Tern's own. Bit order and meaning are those of ggml's `Q1_0`, without its scales.
/// - Scales: outside.
/// - Refused: a weight of 0.
public final class SignBit implements Packing {

    SignBit() {}

    @Override
    public String name() {
        return "SIGN_BIT";
    }

    @Override
    public int columnMultiple() {
        return 1;
    }

    @Override
    public boolean holdsScales() {
        return false;
    }

    @Override
    public long byteSize(int rows, int columns) {
        checkShape(rows, columns);
        return rows * rowBytes(columns);
    }

    @Override
    public void encode(TernaryMatrix matrix, MemorySegment target) {
        int columns = matrix.columns();
        MemorySegment packed = packed(target, matrix.rows(), columns);
        for (int row = 0; row < matrix.rows(); row++) {
            for (int at = 0; at < rowBytes(columns); at++) {
                int bits = 0;
                for (int i = 0; i < Math.min(Byte.SIZE, columns - Byte.SIZE * at); i++) {
                    bits |= bit(matrix, row, Byte.SIZE * at + i) << i;
                }
                packed.set(ValueLayout.JAVA_BYTE, row * rowBytes(columns) + at, (byte) bits);
            }
        }
    }

    @Override
    public TernaryMatrix decode(MemorySegment source, int rows, int columns, float[] weightScales) {
        MemorySegment packed = packed(source, rows, columns);
        Unpacking weights = new Unpacking(this, rows, columns);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int bits = packed.get(ValueLayout.JAVA_BYTE, row * rowBytes(columns) + column / Byte.SIZE);
                weights.accept(row * columns + column, ((bits >> (column % Byte.SIZE)) & 1) * 2);
            }
        }
        return weights.matrix(weightScales);
    }

    private static long rowBytes(int columns) {
        return Math.ceilDiv(columns, Byte.SIZE);
    }

    private static int bit(TernaryMatrix matrix, int row, int column) {
        int trit = matrix.trit(row, column);
        if (trit == 0) {
            throw new IllegalArgumentException("SIGN_BIT: the weight at row %d, column %d is 0, expected -1 or +1"
                    .formatted(row, column));
        }
        return trit > 0 ? 1 : 0;
    }
}
