package org.ternlm.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.ternlm.kernel.Workers;
import org.ternlm.quant.DenseMatrix;
import org.ternlm.quant.IntegerForm;
import org.ternlm.quant.IntegerMatrix;
import org.ternlm.quant.IntegerRounding;

/// The output head and the gains of the norm before it.
///
/// Where the head is rounded, columns of the matrix are made equally large first, which the gains take back:
///
/// ```
/// w'[r][c] = w[r][c] / size[c]        gain'[c] = gain[c] · size[c]
/// ```
///
/// with size[c] the root mean square of column c over that of the whole matrix. Nothing changes but the rounding: a few
/// large columns, such as tied embeddings have, no longer decide about the scale of their groups, and activations become
/// as large as what they contribute. After the norm, activations of column c have about the mean square gain'[c]², which
/// is what an error there weighs.
///
/// @param linear to the vocabulary
/// @param gain of the last norm, `[hiddenSize]`
record Head(Linear linear, float[] gain) {
    /// Rows that the size of columns is taken from, evenly spread.
    private static final int SAMPLE = 4096;

    /// Makes a head of that form.
    ///
    /// Of a mapped file, what has been read is given back, so that the file's matrix and the new one are never in memory
    /// together.
    ///
    /// @param gain of the last norm
    /// @param arena owns what is made
    /// @throws IllegalArgumentException if there are too many columns for the form, or weights that are not finite
    static Head of(DenseMatrix matrix, float[] gain, HeadForm form, Workers workers, Arena arena) {
        if (form.integers().isEmpty()) {
            return new Head(new DenseLinear(matrix, new float[0]), gain);
        }
        float[] sizes = columnSizes(matrix);
        float[] newGain = new float[gain.length];
        float[] importance = new float[gain.length];
        for (int c = 0; c < gain.length; c++) {
            newGain[c] = gain[c] * sizes[c];
            importance[c] = newGain[c] * newGain[c];
        }
        return new Head(new IntegerLinear(rounded(matrix, sizes, importance, form.integers().get(), workers, arena)),
                newGain);
    }

    private static float[] columnSizes(DenseMatrix matrix) {
        int columns = matrix.columns();
        float[] row = new float[columns];
        double[] squares = new double[columns];
        int step = Math.ceilDiv(matrix.rows(), SAMPLE);
        for (int r = 0; r < matrix.rows(); r += step) {
            matrix.decodeRow(r, row, 0);
            for (int c = 0; c < columns; c++) {
                squares[c] += (double) row[c] * row[c];
            }
        }
        double mean = Arrays.stream(squares).average().orElseThrow();
        float[] sizes = new float[columns];
        for (int c = 0; c < columns; c++) {
            float size = (float) Math.sqrt(squares[c] / mean);
            sizes[c] = size > Float.MIN_NORMAL && Float.isFinite(size) ? size : 1;
        }
        return sizes;
    }

    private static IntegerMatrix rounded(DenseMatrix matrix, float[] sizes, float[] importance, IntegerForm form,
            Workers workers, Arena arena) {
        int columns = matrix.columns();
        if (columns > form.mostColumns()) {
            throw new IllegalArgumentException("expected at most %d columns for %s, found %d".formatted(
                    form.mostColumns(), form, columns));
        }
        MemorySegment data = arena.allocate(form.bytes(matrix.rows(), columns), 64);
        float[] scales = new float[matrix.rows()];
        int inBlock = IntegerForm.BLOCK_ROWS;
        workers.share(Math.ceilDiv(matrix.rows(), inBlock), 1, (long) inBlock * columns, (from, to) -> {
            IntegerRounding rounding = new IntegerRounding(form, importance);
            float[] rows = new float[inBlock * columns];
            for (int block = from; block < to; block++) {
                int first = block * inBlock;
                int count = Math.min(inBlock, matrix.rows() - first);
                for (int row = 0; row < count; row++) {
                    matrix.decodeRow(first + row, rows, row * columns);
                    for (int c = 0; c < columns; c++) {
                        rows[row * columns + c] /= sizes[c];
                    }
                }
                rounding.encode(rows, count, block, data, scales);
            }
            giveBack(matrix, from * inBlock, Math.min(matrix.rows(), to * inBlock));
        });
        return new IntegerMatrix(form, matrix.rows(), columns, data, scales);
    }

    private static void giveBack(DenseMatrix matrix, int fromRow, int toRow) {
        long bytes = matrix.rowBytes();
        MemorySegment part = matrix.data().asSlice(fromRow * bytes, (toRow - fromRow) * bytes);
        if (part.isMapped()) {
            part.unload();
        }
    }
}
