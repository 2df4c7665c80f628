package org.ternlm.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.ternlm.quant.DenseMatrix;
import org.ternlm.quant.TernaryMatrix;

/// Brings the rows of q and k from the order of GGUF's `llama` into that of [RotaryEmbedding].
///
/// A rotary pair is two rows of a head of size `h`. transformers has them `h/2` apart; GGUF's `llama`, like Meta's own
/// files, has them side by side:
///
/// ```
/// GGUF row 2j + s of a head  =  transformers' row s · h/2 + j          s = 0, 1      j = 0 … h/2 - 1
/// ```
///
/// @param headSize rows of a head
record RotaryRows(int headSize) {

    /// Where GGUF has row `row` of transformers.
    int source(int row) {
        int inHead = row % headSize;
        int half = headSize / 2;
        return row - inHead + 2 * (inHead % half) + inHead / half;
    }

    /// The same numbers, one for each row, in the other order.
    float[] reorder(float[] numbers) {
        float[] ordered = new float[numbers.length];
        for (int row = 0; row < numbers.length; row++) {
            ordered[row] = numbers[source(row)];
        }
        return ordered;
    }

    /// The same matrix with its rows, and scales of rows, in the other order.
    TernaryMatrix reorder(TernaryMatrix matrix) {
        byte[] trits = new byte[matrix.trits().length];
        int columns = matrix.columns();
        for (int row = 0; row < matrix.rows(); row++) {
            System.arraycopy(matrix.trits(), source(row) * columns, trits, row * columns, columns);
        }
        float[] scales = matrix.weightScales();
        return new TernaryMatrix(matrix.rows(), columns, trits, scales.length == 1 ? scales : reorder(scales));
    }

    /// A copy of a matrix of numbers with its rows in the other order, which lives as long as `arena`.
    DenseMatrix reorder(DenseMatrix matrix, Arena arena) {
        int rows = matrix.rows();
        long rowBytes = matrix.rowBytes();
        MemorySegment ordered = arena.allocate(matrix.data().byteSize(), 64);
        for (int row = 0; row < rows; row++) {
            MemorySegment.copy(matrix.data(), source(row) * rowBytes, ordered, row * rowBytes, rowBytes);
        }
        return new DenseMatrix(matrix.form(), rows, matrix.columns(), ordered, reorder(matrix.rowScales()));
    }
}
