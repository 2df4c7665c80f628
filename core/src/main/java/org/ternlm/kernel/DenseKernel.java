package org.ternlm.kernel;

import org.ternlm.quant.DenseForm;
import org.ternlm.quant.DenseMatrix;

/// The product of a matrix of real weights, in whatever form they lie in memory, with float activations: where weights
/// have few bits, only the weights are rounded.
///
/// ```
/// y[t][r] = rowScale[r] · Σ over c of w[r][c] · x[t][c]
/// ```
///
/// The weight w is the decoded one, exact in float; the scale of a row is 1 but in [DenseForm#I8]. One sum is defined to
/// the bit, so that all implementations agree and what one (row, token) gets never depends on how many tokens or rows a
/// call has: a prompt in one pass gives the same bits as token by token.
///
/// ```
/// p[l] = fma(w[c], x[c], p[l])    float, l = c mod 32, over a stretch of 1024 columns, upwards from 0
/// s[i] = s[i] + p[i] + p[i + 8] + p[i + 16] + p[i + 24]      double, i < 8, after each stretch
/// s[0] = s[0] + w[c] · x[c]       double, for the columns after the last whole 32
/// y    = rowScale · (((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7)))      double, rounded to float
/// ```
///
/// At most 32 additions of a stretch are rounded to float, so the error is below 2⁻¹⁹ · rowScale · Σ |w · x| and one
/// rounding of the result; that of random numbers is a hundred times smaller. Products below 2⁻¹⁴⁹ vanish, and
/// where a partial sum leaves the range of a float, so does the result.
///
/// Stateless; allocates a few kilobytes; safe from several threads on different rows.
public interface DenseKernel {
    /// Lanes in which a sum is made, whatever the width of the processor's vectors.
    int LANES = 32;

    /// Columns after which the lanes are added in double: a multiple of every form's unit.
    int STRETCH = 1024;

    /// Doubles in which the sum of a row and token is gathered.
    int SUMS = 8;

    /// The name that `doctor` shows.
    String name();

    /// Computes rows `fromRow` up to `toRow` for all tokens.
    ///
    /// @param x `[tokens, columns]`
    /// @param y `[tokens, rows]`; only the given rows are written
    void multiply(DenseMatrix weights, int fromRow, int toRow, float[] x, int tokens, float[] y);

    /// The last step of a sum: the eight doubles from `sums[at]` on, times the scale of the row.
    static float total(double[] sums, int at, float rowScale) {
        double even = (sums[at] + sums[at + 4]) + (sums[at + 2] + sums[at + 6]);
        double odd = (sums[at + 1] + sums[at + 5]) + (sums[at + 3] + sums[at + 7]);
        return (float) (rowScale * (even + odd));
    }
}
