package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Tern's run-time layout `TERN2`, which the vector kernels read: two bits a weight, 32 rows side by side.
///
/// ```
/// rows in blocks of 32, columns in groups of 8; 64 bytes for each block and group:
///
///        +--------------------+--------------------+--   --+--------------------+--
///        | block 0, group 0   | block 0, group 1   |  ...  | block 1, group 0   |  ...
///        +--------------------+--------------------+--   --+--------------------+--
///
/// within block b, group g:   byte  0   1    2   3            62  63
///                                +--------+--------+--   --+---------+
///                                | row 32b|32b + 1 |  ...  | 32b + 31|
///                                +--------+--------+--   --+---------+
///
/// a 16-bit word:  bits  15 14  13 12  11 10  9 8   7 6   5 4   3 2   1 0
///               column  8g+7   8g+6   8g+5   8g+4  8g+3  8g+2  8g+1   8g
/// ```
///
/// Any shape fits: the last block and the last group are filled up with zero weights (code 1), so that a kernel can read
/// them like any other. What the filling holds is not read by [#decode].
///
/// - Source: Tern's own.
/// - Scales: outside.
/// - Refused: code 3.
public final class Interleaved2 implements Packing {

    private static final int LANES = 32;
    private static final int GROUP_COLUMNS = 8;
    private static final int ZERO = 1;

    private static final ValueLayout.OfShort WORD = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(
            ByteOrder.LITTLE_ENDIAN);

    Interleaved2() {}

    @Override
    public String name() {
        return "TERN2";
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
        return (long) Math.ceilDiv(rows, LANES) * groups(columns) * LANES * Short.BYTES;
    }

    @Override
    public void encode(TernaryMatrix matrix, MemorySegment target) {
        MemorySegment packed = packed(target, matrix.rows(), matrix.columns());
        int groups = groups(matrix.columns());
        int rowsWithFilling = Math.ceilDiv(matrix.rows(), LANES) * LANES;
        for (int row = 0; row < rowsWithFilling; row++) {
            for (int group = 0; group < groups; group++) {
                int word = 0;
                for (int i = 0; i < GROUP_COLUMNS; i++) {
                    word |= code(matrix, row, GROUP_COLUMNS * group + i) << (2 * i);
                }
                packed.set(WORD, offset(row, group, groups), (short) word);
            }
        }
    }

    @Override
    public TernaryMatrix decode(MemorySegment source, int rows, int columns, float[] weightScales) {
        MemorySegment packed = packed(source, rows, columns);
        Unpacking weights = new Unpacking(this, rows, columns);
        int groups = groups(columns);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int word = packed.get(WORD, offset(row, column / GROUP_COLUMNS, groups));
                weights.accept(row * columns + column, (word >> (2 * (column % GROUP_COLUMNS))) & 3);
            }
        }
        return weights.matrix(weightScales);
    }

    private static int groups(int columns) {
        return Math.ceilDiv(columns, GROUP_COLUMNS);
    }

    private static long offset(int row, int group, int groups) {
        long block = row / LANES;
        return ((block * groups + group) * LANES + row % LANES) * Short.BYTES;
    }

    private static int code(TernaryMatrix matrix, int row, int column) {
        return row < matrix.rows() && column < matrix.columns() ? matrix.trit(row, column) + 1 : ZERO;
    }
}
