package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/// A matrix of integer weights with scales, in the run-time layout that integer activations are multiplied with. It is
/// made at load and never leaves the process.
///
/// ```
/// rows in blocks of 16; a block, with G groups of 32 columns (INT4) and W words a row:
///
///        +-------------------------+-----------+-----------+--   --+-----------+
///        | INT4: factors, 16 · G   | words 0   | words 1   |  ...  | words W-1 |
///        +-------------------------+-----------+-----------+--   --+-----------+
///          filled up to 64 bytes      64 bytes
///
/// factors:   byte 16g + l: of row l of the block and group g, signed
/// words w:   the 32 bits from byte 4l on are of row l:
///
///   INT4   bits    31 … 28  27 … 24  23 … 20  19 … 16  15 … 12  11 … 8   7 … 4    3 … 0
///        column     8w+7     8w+6     8w+5     8w+4     8w+3     8w+2     8w+1      8w        code = q + 8
///
///   INT8   bits    31 … 24           23 … 16           15 … 8            7 … 0
///        column     4w+3              4w+2              4w+1              4w                  code = q + 128
/// ```
///
/// So one vector has the same columns of 16 rows, and no sum ever crosses its lanes. What fills up the last block and the
/// last words is not read, or multiplied with activations of 0.
///
/// Treated as immutable: neither memory nor scales are copied. Safe to share as far as the segment's arena allows.
///
/// @param form what a weight is
/// @param rows output features, at least 1
/// @param columns input features, at least 1
/// @param data native memory of [IntegerForm#bytes] bytes
/// @param rowScales a finite factor for each row
// Copies would double the memory of a model.
@SuppressWarnings("ArrayRecordComponent")
public record IntegerMatrix(IntegerForm form, int rows, int columns, MemorySegment data, float[] rowScales) {
    private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public IntegerMatrix {
        if (rows < 1 || columns < 1 || columns > form.mostColumns()) {
            throw new IllegalArgumentException("%s: expected at least one row and 1 to %d columns, found %d × %d"
                    .formatted(form, form.mostColumns(), rows, columns));
        }
        if (data.byteSize() != form.bytes(rows, columns) || rowScales.length != rows) {
            throw new IllegalArgumentException("%s: %d × %d needs %d bytes and as many scales as rows, found %d and %d"
                    .formatted(form, rows, columns, form.bytes(rows, columns), data.byteSize(), rowScales.length));
        }
    }

    /// Blocks of 16 rows; the last one may be partly filling.
    public int blocks() {
        return Math.ceilDiv(rows, IntegerForm.BLOCK_ROWS);
    }

    /// Bytes of all weights and scales.
    public long byteSize() {
        return data.byteSize() + (long) rows * Float.BYTES;
    }

    /// The word of a row with the weights of so many columns from `word · wordColumns` on.
    public int word(int row, int word) {
        return data.get(WORD, wordOffset(form, row, word, columns));
    }

    /// The factor of a group of a row: 1 in `INT8`.
    public int factor(int row, int group) {
        return form == IntegerForm.INT8
                ? 1
                : data.get(ValueLayout.JAVA_BYTE, factorOffset(form, row, group, columns));
    }

    /// Decodes a row, whose `columns` weights go to the beginning of `target`.
    ///
    /// @throws IndexOutOfBoundsException if there is no such row or `target` is too small
    public void decodeRow(int row, float[] target) {
        Objects.checkIndex(row, rows);
        int inWord = form.wordColumns();
        for (int c = 0; c < columns; c++) {
            int code = word(row, c / inWord) >>> form.bits() * (c % inWord) & (1 << form.bits()) - 1;
            target[c] = (code - form.zero()) * factor(row, c / IntegerForm.GROUP_COLUMNS) * rowScales[row];
        }
    }

    private static long wordOffset(IntegerForm form, int row, int word, int columns) {
        return row / IntegerForm.BLOCK_ROWS * form.blockBytes(columns) + form.factorBytes(columns)
                + ((long) word * IntegerForm.BLOCK_ROWS + row % IntegerForm.BLOCK_ROWS) * Integer.BYTES;
    }

    private static long factorOffset(IntegerForm form, int row, int group, int columns) {
        return row / IntegerForm.BLOCK_ROWS * form.blockBytes(columns)
                + (long) group * IntegerForm.BLOCK_ROWS + row % IntegerForm.BLOCK_ROWS;
    }
}
