package org.ternlm.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.ternlm.format.MappedFile;
import org.ternlm.kernel.Workers;
import org.ternlm.quant.DenseMatrix;
import org.ternlm.quant.IntegerForm;
import org.ternlm.quant.IntegerMatrix;
import org.ternlm.quant.IntegerRounding;

/// Makes the output head in the form that is asked for.
///
/// After the last norm, activations of column c have about the mean square gain[c]²: that is what the error of a weight
/// there weighs when the head is rounded. (Making the columns equally large before rounding, which the gains could take
/// back, makes the errors of weights smaller and those of the results larger: docs/heads.md.)
final class Head {

    private Head() {}

    /// Makes a head of that form.
    ///
    /// Of a mapped file, what has been read is given back, so that the file's matrix and the new one are never in memory
    /// together.
    ///
    /// @param gain of the last norm, `[hiddenSize]`
    /// @param arena owns what is made
    /// @throws IllegalArgumentException if there are too many columns for the form, or weights that are not finite
    static Linear of(DenseMatrix matrix, float[] gain, HeadForm form, Workers workers, Arena arena) {
        if (form.integers().isEmpty()) {
            return new DenseLinear(matrix, new float[0]);
        }
        float[] importance = new float[gain.length];
        for (int c = 0; c < gain.length; c++) {
            importance[c] = gain[c] * gain[c];
        }
        return new IntegerLinear(rounded(matrix, importance, form.integers().get(), workers, arena));
    }

    private static IntegerMatrix rounded(DenseMatrix matrix, float[] importance, IntegerForm form, Workers workers,
            Arena arena) {
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
                }
                rounding.encode(rows, count, block, data, scales);
            }
            giveBack(matrix, from * inBlock, Math.min(matrix.rows(), to * inBlock));
        });
        return new IntegerMatrix(form, matrix.rows(), columns, data, scales);
    }

    private static void giveBack(DenseMatrix matrix, int fromRow, int toRow) {
        long bytes = matrix.rowBytes();
        MappedFile.giveBack(matrix.data().asSlice(fromRow * bytes, (toRow - fromRow) * bytes));
    }
}
