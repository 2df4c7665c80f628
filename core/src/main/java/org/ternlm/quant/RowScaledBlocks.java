package org.ternlm.quant;

import java.lang.foreign.MemorySegment;

/// What the row layouts of ik_llama.cpp share: each row starts with its scale, and blocks of 64 weights follow without
/// gaps. Nothing is aligned.
///
/// ```
/// row:  scale │ block │ block │ …
/// ```
///
/// A [TernaryMatrix] with one scale gives it to every row. [#decode] returns what is stored, and one scale where all are
/// equal.
abstract sealed class RowScaledBlocks implements Packing permits IQ1BN, IQ2BN {

    private static final int BLOCK_WEIGHTS = 64;

    private final int scaleBytes;
    private final int blockBytes;

    RowScaledBlocks(int scaleBytes, int blockBytes) {
        this.scaleBytes = scaleBytes;
        this.blockBytes = blockBytes;
    }

    /// Writes the scale at the start of `row`.
    abstract void encodeScale(float scale, MemorySegment row);

    /// Reads the scale at the start of `row`.
    abstract float decodeScale(MemorySegment row);

    /// Writes the 64 weights that are `trits` from `index` on.
    abstract void encodeBlock(byte[] trits, int index, MemorySegment block);

    /// Reads the 64 weights that go to `weights` from `index` on.
    abstract void decodeBlock(MemorySegment block, Unpacking weights, int index);

    @Override
    public final int columnMultiple() {
        return BLOCK_WEIGHTS;
    }

    @Override
    public final boolean holdsScales() {
        return true;
    }

    @Override
    public final long byteSize(int rows, int columns) {
        checkShape(rows, columns);
        return rows * rowBytes(columns);
    }

    @Override
    public final void encode(TernaryMatrix matrix, MemorySegment target) {
        MemorySegment packed = packed(target, matrix.rows(), matrix.columns());
        int blocks = matrix.columns() / BLOCK_WEIGHTS;
        for (int row = 0; row < matrix.rows(); row++) {
            MemorySegment bytes = row(packed, row, matrix.columns());
            encodeScale(matrix.weightScale(row), bytes);
            for (int i = 0; i < blocks; i++) {
                encodeBlock(matrix.trits(), row * matrix.columns() + i * BLOCK_WEIGHTS, block(bytes, i));
            }
        }
    }

    @Override
    public final TernaryMatrix decode(MemorySegment source, int rows, int columns, float[] weightScales) {
        MemorySegment packed = packed(source, rows, columns);
        Unpacking weights = new Unpacking(this, rows, columns);
        RowScales scales = new RowScales(this, rows);
        for (int row = 0; row < rows; row++) {
            MemorySegment bytes = row(packed, row, columns);
            for (int i = 0; i < columns / BLOCK_WEIGHTS; i++) {
                decodeBlock(block(bytes, i), weights, row * columns + i * BLOCK_WEIGHTS);
            }
            scales.accept(row, 0, decodeScale(bytes), weights.isZero(row * columns, columns));
        }
        return weights.matrix(scales.toArray());
    }

    private long rowBytes(int columns) {
        return scaleBytes + (long) (columns / BLOCK_WEIGHTS) * blockBytes;
    }

    private MemorySegment row(MemorySegment packed, int row, int columns) {
        return packed.asSlice(row * rowBytes(columns), rowBytes(columns));
    }

    private MemorySegment block(MemorySegment row, int number) {
        return row.asSlice(scaleBytes + (long) number * blockBytes, blockBytes);
    }
}
