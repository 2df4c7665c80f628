package org.ternlm.quant;

import java.lang.foreign.MemorySegment;

/// What the ggml block layouts share: rows are cut into blocks of equally many weights, each block has its own fp16
/// scale, and the blocks follow each other without gaps, row after row.
///
/// A [TernaryMatrix] has one scale, or one a row; every block of the row gets it, rounded to the nearest half (ties to
/// even). [#decode] returns the half that is stored, not the float that it came from, and one scale where all are equal.
/// Refused: a scale that rounds to infinity, or to 0 without being 0; when decoding, scales that are not finite or that
/// differ within a row. A block of zeros may have the scale 0 whatever its neighbours have.
abstract sealed class HalfScaledBlocks implements Packing, FloatBlocks permits Q1_0, Q2_0, TQ1_0, TQ2_0 {

    private final int blockWeights;
    private final int blockBytes;
    private final int scaleOffset;

    HalfScaledBlocks(int blockWeights, int blockBytes, int scaleOffset) {
        this.blockWeights = blockWeights;
        this.blockBytes = blockBytes;
        this.scaleOffset = scaleOffset;
    }

    /// Writes the codes of one block, whose weights are `trits` from `index` on; not its scale.
    abstract void encodeBlock(byte[] trits, int index, MemorySegment block);

    /// Reads the codes of one block, whose weights go to `weights` from `index` on.
    abstract void decodeBlock(MemorySegment block, Unpacking weights, int index);

    @Override
    public final int blockWeights() {
        return blockWeights;
    }

    @Override
    public final int blockBytes() {
        return blockBytes;
    }

    @Override
    public final void decodeBlock(MemorySegment block, float[] target, int index) {
        Unpacking codes = Unpacking.ofNumbers(this, blockWeights);
        decodeBlock(block, codes, 0);
        float scale = Float.float16ToFloat(block.get(HALF, scaleOffset));
        for (int i = 0; i < blockWeights; i++) {
            target[index + i] = scale * codes.value(i);
        }
    }

    @Override
    public final int columnMultiple() {
        return blockWeights;
    }

    @Override
    public final boolean holdsScales() {
        return true;
    }

    @Override
    public final long byteSize(int rows, int columns) {
        checkShape(rows, columns);
        return (long) rows * (columns / blockWeights) * blockBytes;
    }

    @Override
    public final void encode(TernaryMatrix matrix, MemorySegment target) {
        MemorySegment packed = packed(target, matrix.rows(), matrix.columns());
        int blocks = matrix.columns() / blockWeights;
        for (int row = 0; row < matrix.rows(); row++) {
            short scale = half(name(), matrix.weightScale(row));
            for (int i = 0; i < blocks; i++) {
                MemorySegment block = block(packed, (long) row * blocks + i);
                encodeBlock(matrix.trits(), row * matrix.columns() + i * blockWeights, block);
                block.set(HALF, scaleOffset, scale);
            }
        }
    }

    @Override
    public final TernaryMatrix decode(MemorySegment source, int rows, int columns, float[] weightScales) {
        MemorySegment packed = packed(source, rows, columns);
        Unpacking weights = new Unpacking(this, rows, columns);
        RowScales scales = new RowScales(this, rows);
        int blocks = columns / blockWeights;
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < blocks; i++) {
                MemorySegment block = block(packed, (long) row * blocks + i);
                int column = i * blockWeights;
                int index = row * columns + column;
                decodeBlock(block, weights, index);
                float scale = Float.float16ToFloat(block.get(HALF, scaleOffset));
                scales.accept(row, column, scale, weights.isZero(index, blockWeights));
            }
        }
        return weights.matrix(scales.toArray());
    }

    private MemorySegment block(MemorySegment packed, long number) {
        return packed.asSlice(number * blockBytes, blockBytes);
    }

    /// The nearest half to a scale of the layout `name`.
    ///
    /// @throws IllegalArgumentException if it is infinite, or 0 without `scale` being 0
    static short half(String name, float scale) {
        short half = Float.floatToFloat16(scale);
        float stored = Float.float16ToFloat(half);
        if (Float.isInfinite(stored) || (stored == 0 && scale != 0)) {
            throw new IllegalArgumentException("%s: weight scale %s does not fit a half".formatted(name, scale));
        }
        return half;
    }
}
