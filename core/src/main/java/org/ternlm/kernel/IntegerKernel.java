package org.ternlm.kernel;

import org.ternlm.quant.IntegerForm;
import org.ternlm.quant.IntegerMatrix;

/// The product of a matrix of integer weights with int8 activations: both sides are rounded, the sum is not.
///
/// ```
/// sum[t][r] = Σ over groups g of factor[r][g] · Σ over c in g of w[r][c] · q[t][c]         int32, exact
/// y[t][r]   = sum[t][r] · (rowScale[r] · (1 / multiplier[t]))                              double, rounded to float
/// ```
///
/// The sum of a group of `INT4` is at most 8 · 127 · 32 = 32,512 in size and fits 16 bits, whatever happens on the way to
/// it modulo 2¹⁶; that of a row fits 32 bits up to [IntegerForm#mostColumns]. Activations that are not finite give NaN.
///
/// Rows are worked on in blocks of [IntegerForm#BLOCK_ROWS]. Stateless; allocates a few hundred bytes; safe from several
/// threads on different blocks.
public interface IntegerKernel {
    /// The name that `doctor` shows.
    String name();

    /// Computes the rows of the blocks `fromBlock` up to `toBlock` for all tokens.
    ///
    /// @param input of the form and with the columns of `weights`
    /// @param y `[tokens, rows]`; only the rows of the given blocks are written
    void multiply(IntegerMatrix weights, int fromBlock, int toBlock, IntegerInput input, float[] y);

    /// The last step: scales the sums of one block and token, `sums[at]` being that of its first row, into `y`.
    static void scale(IntegerMatrix weights, int block, int[] sums, int at, IntegerInput input, int token, float[] y) {
        double inverse = 1.0 / input.multiplier(token);
        int first = block * IntegerForm.BLOCK_ROWS;
        int rows = Math.min(IntegerForm.BLOCK_ROWS, weights.rows() - first);
        float[] rowScales = weights.rowScales();
        int target = token * weights.rows() + first;
        for (int i = 0; i < rows; i++) {
            y[target + i] = (float) (sums[at + i] * (rowScales[first + i] * inverse));
        }
    }
}
