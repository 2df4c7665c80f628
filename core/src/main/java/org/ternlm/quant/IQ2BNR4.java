package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// ik_llama.cpp's `IQ2_BN_R4` (tensor type 335): `IQ2_BN` with four rows interleaved, as its vector kernels want them.
///
/// ```
/// four rows:  scale of row 0 │ 1 │ 2 │ 3 │ block │ block │ …        scales: f32        a block: 64 weights of each row
///
/// byte 16l + 4k + i of block b:  bits  7 6            5 4           3 2           1 0
///                      row k, weight 64b+16l+12+i  64b+16l+8+i  64b+16l+4+i  64b+16l+i        l, k, i = 0 … 3
/// ```
///
/// A weight is `(code - 1) · scale`.
///
/// - Source: ik_llama.cpp, `repack_iq2_bn`.
/// - Scales: one f32 a row.
/// - Refused: columns that are no multiple of 64, rows that are none of 4; code 3; a scale that is not finite.
public final class IQ2BNR4 implements Packing {

    private static final int ROWS = 4;
    private static final int BLOCK_WEIGHTS = 64;
    private static final int BLOCK_BYTES = 64;
    private static final int SCALE_BYTES = ROWS * Float.BYTES;
    private static final ValueLayout.OfFloat SCALE = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(
            ByteOrder.LITTLE_ENDIAN);

    IQ2BNR4() {}

    @Override
    public String name() {
        return "IQ2_BN_R4";
    }

    @Override
    public int columnMultiple() {
        return BLOCK_WEIGHTS;
    }

    @Override
    public int rowMultiple() {
        return ROWS;
    }

    @Override
    public boolean holdsScales() {
        return true;
    }

    @Override
    public long byteSize(int rows, int columns) {
        checkShape(rows, columns);
        return rows / ROWS * groupBytes(columns);
    }

    private static long groupBytes(int columns) {
        return SCALE_BYTES + (long) (columns / BLOCK_WEIGHTS) * BLOCK_BYTES;
    }

    /// Where the weights `64b + 16l + i + 0, 4, 8, 12` of a row are.
    private static long byteAt(int row, int columns, int column) {
        return row / ROWS * groupBytes(columns) + SCALE_BYTES + (long) (column / BLOCK_WEIGHTS) * BLOCK_BYTES
                + column % BLOCK_WEIGHTS / 16 * 16L + row % ROWS * 4L + column % 4;
    }

    private static int shift(int column) {
        return column % 16 / 4 * 2;
    }

    private static long scaleAt(int row, int columns) {
        return row / ROWS * groupBytes(columns) + (long) (row % ROWS) * Float.BYTES;
    }

    @Override
    public void encode(TernaryMatrix matrix, MemorySegment target) {
        int columns = matrix.columns();
        MemorySegment packed = packed(target, matrix.rows(), columns);
        packed.fill((byte) 0);
        for (int row = 0; row < matrix.rows(); row++) {
            packed.set(SCALE, scaleAt(row, columns), matrix.weightScale(row));
            for (int column = 0; column < columns; column++) {
                long at = byteAt(row, columns, column);
                int code = matrix.trit(row, column) + 1 << shift(column);
                packed.set(ValueLayout.JAVA_BYTE, at, (byte) (packed.get(ValueLayout.JAVA_BYTE, at) | code));
            }
        }
    }

    @Override
    public TernaryMatrix decode(MemorySegment source, int rows, int columns, float[] weightScales) {
        MemorySegment packed = packed(source, rows, columns);
        Unpacking weights = new Unpacking(this, rows, columns);
        RowScales scales = new RowScales(this, rows);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int codes = packed.get(ValueLayout.JAVA_BYTE, byteAt(row, columns, column));
                weights.accept(row * columns + column, codes >> shift(column) & 3);
            }
            scales.accept(row, 0, packed.get(SCALE, scaleAt(row, columns)), weights.isZero(row * columns, columns));
        }
        return weights.matrix(scales.toArray());
    }
}
