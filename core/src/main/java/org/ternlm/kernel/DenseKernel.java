package org.ternlm.kernel;

import java.lang.foreign.MemorySegment;
import org.ternlm.tensor.DType;

/// The product of a matrix of F32, BF16 or F16 weights with float activations.
///
/// ```
/// y[t][r] = Σ over c of W[r][c] · x[t][c]
/// ```
///
/// Sums are made in double and rounded once: all implementations agree but for the last bit in one case of a hundred
/// million, and what one (row, token) gets never depends on how many tokens or rows a call has. A prompt in one pass
/// gives the same bits as token by token. Stateless; no allocation; safe from several threads on different rows.
public interface DenseKernel {
    /// The name that `doctor` shows.
    String name();

    /// Computes rows `fromRow` up to `toRow` for all tokens.
    ///
    /// @param weights `[rows, columns]`, row-major, little-endian, of any alignment
    /// @param type F32, BF16 or F16
    /// @param x `[tokens, columns]`
    /// @param y `[tokens, rows]`; only the given rows are written
    /// @throws IllegalArgumentException for another type
    void multiply(MemorySegment weights, DType type, int rows, int columns, int fromRow, int toRow, float[] x,
            int tokens, float[] y);
}
