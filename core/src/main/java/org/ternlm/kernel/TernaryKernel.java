package org.ternlm.kernel;

import java.lang.foreign.MemorySegment;
import org.ternlm.quant.Packing;

/// The product of a ternary matrix with int8 activations, without multiplications by weights and without rounding.
///
/// ```
/// sums[t][r] = Σ over c of trit(r, c) · q[t][c]        trit ∈ {-1, 0, +1}, q ∈ [-128, 127]
/// ```
///
/// Every implementation gives the same integers. They fit: |sum| ≤ 128 · columns, so up to 2^24 - 1 columns an int32
/// cannot overflow (see [#MOST_COLUMNS]).
///
/// Rows are worked on in blocks of [#BLOCK_ROWS], so that threads can share a matrix; implementations are stateless,
/// allocate nothing of the matrix's size and may be called from several threads for different blocks.
public interface TernaryKernel {
    /// Rows of one block; also the padding of the run-time layouts.
    int BLOCK_ROWS = 32;

    /// More columns could overflow an int32 sum.
    int MOST_COLUMNS = (1 << 24) - 1;

    /// The name that `doctor` shows.
    String name();

    /// The run-time layout that this kernel reads.
    Packing packing();

    /// The distance between the activations of two tokens: `columns` rounded up to what the layout's groups need.
    int paddedColumns(int columns);

    /// Computes the sums of rows `32 · fromBlock` up to `32 · toBlock` for all tokens.
    ///
    /// @param codes the packed matrix, [Packing#byteSize] bytes of native memory
    /// @param rows output features; the last block may be partly padding
    /// @param columns input features
    /// @param activations `[tokens, paddedColumns(columns)]`, row-major, zero in the padding
    /// @param totals for each token the sum of its activations, Σ q: layouts store trit + 1
    /// @param sums `[tokens, paddedRows]`, row-major, where `paddedRows` is `rows` rounded up to whole blocks; only the
    /// given blocks are written, padding rows receive any value
    void multiply(MemorySegment codes, int rows, int columns, int fromBlock, int toBlock, byte[] activations,
            int[] totals, int tokens, int[] sums);

    /// `rows` rounded up to whole blocks.
    static int paddedRows(int rows) {
        return blocks(rows) * BLOCK_ROWS;
    }

    /// Blocks of a matrix of `rows` rows.
    static int blocks(int rows) {
        return (rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
    }
}
