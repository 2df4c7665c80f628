package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.ternlm.tensor.DType;
import org.ternlm.tensor.Tensor;

/// A matrix of real weights as it lies in memory, in any [DenseForm].
///
/// The memory belongs to whoever mapped or allocated it. Treated as immutable: neither memory nor scales are copied, and
/// they must not be changed by anyone afterwards. Safe to share as far as the segment's arena allows.
///
/// @param form how a row lies there
/// @param rows output features, at least 1
/// @param columns input features, at least 1
/// @param data the rows, without gaps, of any alignment
/// @param rowScales a finite factor for each row where the form has them ([DenseForm#hasRowScales]), else empty
// Copies would double the memory of a model.
@SuppressWarnings("ArrayRecordComponent")
public record DenseMatrix(DenseForm form, int rows, int columns, MemorySegment data, float[] rowScales) {

    public DenseMatrix {
        if (rows < 1 || columns < 1 || data.byteSize() != rows * form.bytes(columns)) {
            throw new IllegalArgumentException("%s: %d × %d needs %d bytes, found %d".formatted(form, rows, columns,
                    rows * form.bytes(columns), data.byteSize()));
        }
        int scales = form.hasRowScales() ? rows : 0;
        if (rowScales.length != scales) {
            throw new IllegalArgumentException("%s: expected %d scales of rows, found %d".formatted(form, scales,
                    rowScales.length));
        }
        for (float scale : rowScales) {
            if (!Float.isFinite(scale)) {
                throw new IllegalArgumentException("%s: scale of a row is %s".formatted(form, scale));
            }
        }
    }

    /// A matrix in a form without scales of rows.
    public DenseMatrix(DenseForm form, int rows, int columns, MemorySegment data) {
        this(form, rows, columns, data, new float[0]);
    }

    /// A tensor of two dimensions.
    ///
    /// @throws IllegalArgumentException if it has others, or another type than F32, BF16 or F16
    public static DenseMatrix of(Tensor tensor) {
        if (tensor.shape().rank() != 2 || !tensor.type().isFloat() || tensor.type() == DType.F64) {
            throw new IllegalArgumentException("%s: expected a matrix of F32, BF16 or F16, found %s %s".formatted(
                    tensor.name(), tensor.type(), tensor.shape()));
        }
        return new DenseMatrix(DenseForm.of(tensor.type()).orElseThrow(), (int) tensor.shape().dimension(0),
                (int) tensor.shape().dimension(1), tensor.data());
    }

    /// Bytes of one row, without its scale.
    public long rowBytes() {
        return form.bytes(columns);
    }

    /// Bytes of all weights and scales.
    public long byteSize() {
        return data.byteSize() + (long) rowScales.length * Float.BYTES;
    }

    /// The scale of a row: 1 where the form has none.
    public float rowScale(int row) {
        return rowScales.length == 0 ? 1 : rowScales[Objects.checkIndex(row, rows)];
    }

    /// Decodes a row, whose `columns` weights go to `target` from `offset` on.
    ///
    /// @throws IndexOutOfBoundsException if there is no such row or `target` is too small
    public void decodeRow(int row, float[] target, int offset) {
        long bytes = rowBytes();
        form.decode(data.asSlice(Objects.checkIndex(row, rows) * bytes, bytes), target, offset, columns);
        if (rowScales.length > 0) {
            for (int i = offset; i < offset + columns; i++) {
                target[i] *= rowScales[row];
            }
        }
    }

    /// The first of the rows `fromRow` up to `toRow` whose blocks have a scale that is infinite or NaN, else -1. Plain
    /// numbers are not searched.
    public int firstNotFinite(int fromRow, int toRow) {
        int scaleAt = form.scaleOffset();
        int unit = form.unitBytes();
        if (scaleAt < 0) {
            return -1;
        }
        MemorySegment part = data.asSlice(fromRow * rowBytes(), (toRow - fromRow) * rowBytes());
        for (long at = scaleAt; at < part.byteSize(); at += unit) {
            if ((part.get(FloatBlocks.HALF, at) & 0x7C00) == 0x7C00) {
                return fromRow + (int) (at / rowBytes());
            }
        }
        return -1;
    }

    /// All weights, row-major, decoded.
    ///
    /// @throws ArithmeticException if there are more than an array can hold
    public float[] floats() {
        float[] weights = new float[Math.multiplyExact(rows, columns)];
        for (int row = 0; row < rows; row++) {
            decodeRow(row, weights, row * columns);
        }
        return weights;
    }
}
