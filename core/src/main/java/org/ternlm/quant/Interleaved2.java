package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Tern's run-time layout `TERN2`, which the vector kernels read: two bits a weight, 32 rows side by side.
///
/// ```
/// rows in blocks of 32, columns in groups of 8; 64 bytes for each block and group:
///
///        +--------------------+--------------------+--   --+--------------------+--   --+---------+
///        | block 0, group 0   | block 0, group 1   |  ...  | block 1, group 0   |  ...  | filling |
///        +--------------------+--------------------+--   --+--------------------+--   --+---------+
///
/// within block b, group g:   byte  0   1    2   3            62  63
///                                +--------+--------+--   --+---------+
///                                | row 32b|32b + 16|  ...  | 32b + 31|
///                                +--------+--------+--   --+---------+
///
/// a 16-bit word:  bits  15 14  13 12  11 10  9 8   7 6   5 4   3 2   1 0
///               column  8g+7   8g+6   8g+5   8g+4  8g+3  8g+2  8g+1   8g
/// ```
///
/// The words ("lanes") of even number hold the rows of a block's first half, those of odd number the rows of its second
/// half: where two 16-bit sums are taken apart into two int32 sums, as even and odd lanes, both come out in order.
///
/// Any shape fits: the last block and the last group are filled up with zero weights (code 1), so that a kernel can read
/// them like any other. The [#SPAN_GROUPS] - 1 groups of filling at the end let a kernel view a whole span of groups
/// wherever one begins. What the filling holds is not read by [#decode].
///
/// - Source: Tern's own.
/// - Scales: outside.
/// - Refused: code 3.
public final class Interleaved2 implements Packing {

    /// Rows of a block, each in its own 16-bit lane.
    public static final int LANES = 32;

    /// Columns of a group.
    public static final int GROUP_COLUMNS = 8;

    /// Bytes of a group of columns of a block of rows.
    public static final int GROUP_BYTES = LANES * Short.BYTES;

    /// The most groups that a kernel takes at a time.
    public static final int SPAN_GROUPS = 16;

    /// Eight weights of zero: code 1 each.
    private static final int ZEROS = 0x5555;

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
        long groups = (long) Math.ceilDiv(rows, LANES) * groups(columns);
        return (groups + SPAN_GROUPS - 1) * GROUP_BYTES;
    }

    @Override
    public void encode(TernaryMatrix matrix, MemorySegment target) {
        MemorySegment packed = packed(target, matrix.rows(), matrix.columns());
        int groups = groups(matrix.columns());
        int rowsWithFilling = Math.ceilDiv(matrix.rows(), LANES) * LANES;
        for (int row = 0; row < rowsWithFilling; row++) {
            for (int group = 0; group < groups; group++) {
                packed.set(WORD, offset(row, group, groups), (short) word(matrix, row, group));
            }
        }
        packed.asSlice((long) rowsWithFilling / LANES * groups * GROUP_BYTES).fill((byte) 0);
    }

    /// The codes of eight columns of a row; zero weights outside the matrix.
    private static int word(TernaryMatrix matrix, int row, int group) {
        if (row >= matrix.rows()) {
            return ZEROS;
        }
        byte[] trits = matrix.trits();
        int first = GROUP_COLUMNS * group;
        int start = row * matrix.columns() + first;
        int width = Math.min(GROUP_COLUMNS, matrix.columns() - first);
        int word = ZEROS;
        for (int i = 0; i < width; i++) {
            // Codes are trit + 1, and every code is 1 already.
            word += trits[start + i] << 2 * i;
        }
        return word;
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

    @Override
    public double bitsPerWeight() {
        return 2;
    }

    /// Groups that `columns` columns take, the last one filled up.
    public static int groups(int columns) {
        return Math.ceilDiv(columns, GROUP_COLUMNS);
    }

    /// Which row of its block a lane holds.
    public static int rowOfLane(int lane) {
        return lane / 2 + lane % 2 * (LANES / 2);
    }

    /// Which lane holds a row of a block.
    static int laneOfRow(int row) {
        return row % (LANES / 2) * 2 + row / (LANES / 2);
    }

    private static long offset(int row, int group, int groups) {
        long block = row / LANES;
        return (block * groups + group) * GROUP_BYTES + (long) laneOfRow(row % LANES) * Short.BYTES;
    }
}
