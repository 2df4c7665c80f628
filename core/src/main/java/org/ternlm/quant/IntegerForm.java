package org.ternlm.quant;

/// The forms of an [IntegerMatrix]: how many bits a weight has, and what shares a scale.
///
/// | form | bits a weight | a weight is |
/// |---|---|---|
/// | `INT8` | 8, and a float a row | q · scale of the row, q from -127 to 127 |
/// | `INT4` | 4.25, and a float a row | q · factor of the 32 · scale of the row, q from -8 to 7, factor from -127 to 127 |
public enum IntegerForm {
    INT8(8), INT4(4);

    /// Rows of a block, side by side.
    public static final int BLOCK_ROWS = 16;
    /// Columns that share a factor in `INT4`.
    public static final int GROUP_COLUMNS = 32;

    private static final int WORD_BYTES = Integer.BYTES;
    private static final int LINE_BYTES = 64;

    private final int bits;

    IntegerForm(int bits) {
        this.bits = bits;
    }

    /// Bits of a weight, without scales.
    public int bits() {
        return bits;
    }

    /// Columns whose weights of one row share a word of 32 bits.
    public int wordColumns() {
        return Integer.SIZE / bits;
    }

    /// What is added to a weight so that its code is not negative: 8 or 128.
    public int zero() {
        return 1 << bits - 1;
    }

    /// `columns` rounded up to whole groups, or, where there are none, to whole words.
    public int paddedColumns(int columns) {
        int multiple = this == INT4 ? GROUP_COLUMNS : wordColumns();
        return Math.ceilDiv(columns, multiple) * multiple;
    }

    /// Sums that are scaled apart: the groups of `INT4`, else one.
    public int groups(int columns) {
        return this == INT4 ? Math.ceilDiv(columns, GROUP_COLUMNS) : 1;
    }

    /// More columns could overflow an int32 sum: `INT4` adds up to 127 · (8 · 127 · 32) a group, `INT8` up to 127 · 127 a
    /// column.
    public int mostColumns() {
        return this == INT4
                ? Integer.MAX_VALUE / (127 * 8 * 127 * 32) * GROUP_COLUMNS
                : Integer.MAX_VALUE / (127 * 127);
    }

    /// Bytes of the factors that a block begins with, filled up to whole cache lines.
    public long factorBytes(int columns) {
        return this == INT4 ? Math.ceilDiv(groups(columns) * BLOCK_ROWS, LINE_BYTES) * (long) LINE_BYTES : 0;
    }

    /// Bytes of a block of rows.
    public long blockBytes(int columns) {
        return factorBytes(columns) + (long) paddedColumns(columns) / wordColumns() * BLOCK_ROWS * WORD_BYTES;
    }

    /// Bytes of a matrix, without the scales of its rows.
    public long bytes(int rows, int columns) {
        return Math.ceilDiv(rows, BLOCK_ROWS) * blockBytes(columns);
    }
}
