package org.ternlm.kernel;

import java.lang.foreign.MemorySegment;

/// The product that a native library takes over: activations of many tokens with a tile of [#TILE_ROWS] rows of weights.
///
/// ```
/// sums[t][r] = Σ over c of activations[t][c] · weights(r, c)     activations ∈ [0, 255], weights ∈ {-1, 0, +1}
/// ```
///
/// Sums are exact int32. All memory is native and aligned to 64 bytes.
///
/// Safe from several threads at once. The library computes in the calling thread and starts no other: Tern's [Workers]
/// have given each thread its own tiles already.
public interface ByteProducts extends AutoCloseable {
    /// Rows of a tile of weights.
    int TILE_ROWS = 64;

    /// Columns come in multiples of this.
    int COLUMN_MULTIPLE = 64;

    /// Weights that lie together: four columns of a row.
    int COLUMNS_TOGETHER = 4;

    /// Name, version and instruction set, for `doctor`.
    String description();

    /// Multiplies.
    ///
    /// @param activations unsigned bytes, `[tokens, columns]`
    /// @param tokens at least 1
    /// @param columns a multiple of [#COLUMN_MULTIPLE]
    /// @param weights signed bytes, `[columns / 4][TILE_ROWS][4]`: four columns of row 0, of row 1, …
    /// @param sums int32, `[tokens, TILE_ROWS]`, written over
    /// @throws ByteProductsException if the library fails
    void multiply(MemorySegment activations, int tokens, int columns, MemorySegment weights, MemorySegment sums);

    /// Gives the library's memory back; no product may be under way.
    @Override
    void close();
}
