package org.ternlm.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.IntUnaryOperator;
import org.ternlm.quant.DenseMatrix;
import org.ternlm.quant.TernaryMatrix;

/// Brings the rows of q and k from the order of GGUF's `llama` into that of [RotaryEmbedding], and back.
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

    /// Where transformers has row `row` of GGUF.
    int target(int row) {
        int inHead = row % headSize;
        return row - inHead + inHead % 2 * (headSize / 2) + inHead / 2;
    }

    /// Numbers of GGUF, one for each row, in the order of transformers.
    float[] reorder(float[] numbers) {
        return reorder(numbers, this::source);
    }

    /// Numbers of transformers, one for each row, in the order of GGUF.
    float[] restore(float[] numbers) {
        return reorder(numbers, this::target);
    }

    /// A matrix of GGUF with its rows, and scales of rows, in the order of transformers.
    TernaryMatrix reorder(TernaryMatrix matrix) {
        return reorder(matrix, this::source);
    }

    /// A matrix of transformers with its rows, and scales of rows, in the order of GGUF.
    TernaryMatrix restore(TernaryMatrix matrix) {
        return reorder(matrix, this::target);
    }

    /// A copy of a matrix of GGUF with its rows in the order of transformers, which lives as long as `arena`.
    DenseMatrix reorder(DenseMatrix matrix, Arena arena) {
        return reorder(matrix, this::source, arena);
    }

    /// A copy of a matrix of transformers with its rows in the order of GGUF, which lives as long as `arena`.
    DenseMatrix restore(DenseMatrix matrix, Arena arena) {
        return reorder(matrix, this::target, arena);
    }

    private static float[] reorder(float[] numbers, IntUnaryOperator from) {
        float[] ordered = new float[numbers.length];
        for (int row = 0; row < numbers.length; row++) {
            ordered[row] = numbers[from.applyAsInt(row)];
        }
        return ordered;
    }

    private static TernaryMatrix reorder(TernaryMatrix matrix, IntUnaryOperator from) {
        byte[] trits = new byte[matrix.trits().length];
        int columns = matrix.columns();
        for (int row = 0; row < matrix.rows(); row++) {
            System.arraycopy(matrix.trits(), from.applyAsInt(row) * columns, trits, row * columns, columns);
        }
        float[] scales = matrix.weightScales();
        return new TernaryMatrix(matrix.rows(), columns, trits, scales.length == 1 ? scales : reorder(scales, from));
    }

    private static DenseMatrix reorder(DenseMatrix matrix, IntUnaryOperator from, Arena arena) {
        int rows = matrix.rows();
        long rowBytes = matrix.rowBytes();
        MemorySegment ordered = arena.allocate(matrix.data().byteSize(), 64);
        for (int row = 0; row < rows; row++) {
            MemorySegment.copy(matrix.data(), from.applyAsInt(row) * rowBytes, ordered, row * rowBytes, rowBytes);
        }
        return new DenseMatrix(matrix.form(), rows, matrix.columns(), ordered, reorder(matrix.rowScales(), from));
    }
}
