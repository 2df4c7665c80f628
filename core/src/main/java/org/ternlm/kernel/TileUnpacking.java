package org.ternlm.kernel;

import java.lang.foreign.MemorySegment;
import org.ternlm.quant.LookupWords;

/// Unpacks a block of rows of a layout with words of indices into bytes, as [ByteProducts] takes them.
///
/// Groups are taken four at a time, so that whole fours of columns come out: 36 columns of `LUT9`, 60 of `LUT15`. The last
/// time that reads up to three groups beyond the block, which may be those of the next block or filling: columns from
/// the matrix's own on hold any weights, and their activations must be 0.
///
/// Implementations are stateless and write the same bytes.
public interface TileUnpacking {
    /// Groups that are taken together.
    int PERIOD_GROUPS = 4;

    /// Bytes from four columns of a tile to the next four.
    int STEP_BYTES = ByteProducts.TILE_ROWS * ByteProducts.COLUMNS_TOGETHER;

    /// Writes the 32 rows of a block.
    ///
    /// @param codes the packed matrix
    /// @param at where the block begins
    /// @param columns of the matrix
    /// @param tile `[columns / 4][TILE_ROWS][4]`, with room for [#unpackedColumns] columns
    /// @param target where the block's first row lies in the tile's first four columns
    void unpack(LookupWords layout, MemorySegment codes, long at, int columns, MemorySegment tile, long target);

    /// Columns that are written: `columns` rounded up to four whole groups.
    static int unpackedColumns(LookupWords layout, int columns) {
        return periods(layout, columns) * PERIOD_GROUPS * LookupWords.INDICES * layout.weightsPerIndex();
    }

    /// How often four groups are taken.
    static int periods(LookupWords layout, int columns) {
        return Math.ceilDiv(layout.groups(columns), PERIOD_GROUPS);
    }
}
