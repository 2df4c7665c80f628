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
/// A kernel may want activations in a form of its own, made once by [#prepare] for all matrices that take them.
///
/// Rows are worked on in blocks of [#BLOCK_ROWS], so that threads can share a matrix; implementations are stateless,
/// allocate nothing of the matrix's size and may be called from several threads for different blocks.
public interface TernaryKernel {
    /// Rows of one block; also the padding of the run-time layouts.
    int BLOCK_ROWS = 32;

    /// Blocks that are best given together to a kernel that has one token: it reads from as many places at once.
    int STREAM_BLOCKS = 8;

    /// Tokens are best given together in multiples of this, where there are several.
    int TILE_TOKENS = 4;

    /// More columns could overflow an int32 sum.
    int MOST_COLUMNS = (1 << 24) - 1;

    /// The name that `doctor` shows.
    String name();

    /// The run-time layout that this kernel reads.
    Packing packing();

    /// Tokens that are best prepared and multiplied together.
    default int largestTile() {
        return Activations.LARGEST_TILE;
    }

    /// Bytes of [Activations#prepared] that the kernel needs for `tokens` tokens; 0 if it takes the values as they are.
    default long preparedBytes(int columns, int tokens) {
        return 0;
    }

    /// Writes the form that the kernel wants of the tokens `fromToken + from` to `fromToken + to` of a tile that goes from
    /// `fromToken` to `toToken`. May be called from several threads for different ranges.
    ///
    /// @param from a multiple of [#TILE_TOKENS]
    default void prepare(Activations activations, int fromToken, int toToken, int from, int to) {}

    /// Computes the sums of rows `32 · fromBlock` up to `32 · toBlock` for the tokens of a tile.
    ///
    /// @param codes the packed matrix, [Packing#byteSize] bytes of native memory
    /// @param rows output features; the last block may be partly padding
    /// @param fromBlock first of the blocks that are wanted
    /// @param toBlock after the last of them
    /// @param activations of `columns` input features, of which the tile has been prepared
    /// @param fromToken first of the tile
    /// @param toToken after the last of the tile
    /// @param sums `[toToken - fromToken, paddedRows]`, row-major, where `paddedRows` is `rows` rounded up to whole
    /// blocks; only the given blocks are written, padding rows receive any value
    void multiply(MemorySegment codes, int rows, int fromBlock, int toBlock, Activations activations, int fromToken,
            int toToken, int[] sums);

    /// `rows` rounded up to whole blocks.
    static int paddedRows(int rows) {
        return blocks(rows) * BLOCK_ROWS;
    }

    /// Blocks of a matrix of `rows` rows.
    static int blocks(int rows) {
        return (rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
    }
}
