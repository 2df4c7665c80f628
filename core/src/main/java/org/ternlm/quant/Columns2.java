package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Tern's run-time layout `COL2` for inputs that are mostly zero: two bits a weight, the 256 rows of a tile side by side,
/// so that a column whose activation is 0 is not read.
///
/// ```
/// rows in tiles of 256; 64 bytes, which is a line of most caches, for each tile and column:
///
///        +--------------------+--------------------+--   --+--------------------+--
///        | tile 0, column 0   | tile 0, column 1   |  ...  | tile 1, column 0   |  ...
///        +--------------------+--------------------+--   --+--------------------+--
///
/// within tile t, column c:   32 words of 16 bits; word l holds row l' = l / 2 + 16·(l mod 2) of each block of 32:
///
/// a 16-bit word:  bits  15 14    13 12    11 10    9 8      7 6     5 4     3 2     1 0
///                  row  l'+224   l'+192   l'+160   l'+128   l'+96   l'+64   l'+32   l'   of the tile
/// ```
///
/// The order of words is that of [Interleaved2]: even and odd lanes of sums come out in the order of the rows.
///
/// Any shape fits: the last tile is filled up with zero weights (code 1).
///
/// - Source: Tern's own.
/// - Scales: outside.
/// - Refused: code 3.
public final class Columns2 implements Packing {

    /// Blocks of 32 rows in a tile, one in each two bits of a word.
    public static final int BLOCKS = 8;

    /// Rows of a tile.
    public static final int TILE_ROWS = BLOCKS * Interleaved2.LANES;

    /// Bytes of a column of a tile.
    public static final int COLUMN_BYTES = TILE_ROWS / 4;

    private static final ValueLayout.OfShort WORD = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(
            ByteOrder.LITTLE_ENDIAN);

    Columns2() {}

    @Override
    public String name() {
        return "COL2";
    }

    @Override
    public int columnMultiple() {
        return 1;
    }

    @Override
    public boolean holdsScales() {
        return false;
    }

    @Override
    public double bitsPerWeight() {
        return 2;
    }

    @Override
    public long byteSize(int rows, int columns) {
        checkShape(rows, columns);
        return Math.ceilDiv(rows, TILE_ROWS) * tileBytes(columns);
    }

    /// Bytes from one tile to the next.
    public static long tileBytes(int columns) {
        return (long) columns * COLUMN_BYTES;
    }

    @Override
    public void encode(TernaryMatrix matrix, MemorySegment target) {
        MemorySegment packed = packed(target, matrix.rows(), matrix.columns());
        int rowsWithFilling = Math.ceilDiv(matrix.rows(), TILE_ROWS) * TILE_ROWS;
        for (int tile = 0; tile < rowsWithFilling; tile += TILE_ROWS) {
            for (int lane = 0; lane < Interleaved2.LANES; lane++) {
                int first = tile + Interleaved2.rowOfLane(lane);
                for (int column = 0; column < matrix.columns(); column++) {
                    packed.set(WORD, offset(first, column, matrix.columns()), (short) word(matrix, first, column));
                }
            }
        }
    }

    /// The codes of the rows `first`, `first` + 32 and so on; zero weights outside the matrix.
    private static int word(TernaryMatrix matrix, int first, int column) {
        int word = 0x5555;
        int blocks = Math.min(BLOCKS, Math.ceilDiv(matrix.rows() - first, Interleaved2.LANES));
        int at = first * matrix.columns() + column;
        for (int block = 0; block < blocks; block++) {
            // Codes are trit + 1, and every code is 1 already.
            word += matrix.trits()[at + block * Interleaved2.LANES * matrix.columns()] << 2 * block;
        }
        return word;
    }

    @Override
    public TernaryMatrix decode(MemorySegment source, int rows, int columns, float[] weightScales) {
        MemorySegment packed = packed(source, rows, columns);
        Unpacking weights = new Unpacking(this, rows, columns);
        for (int row = 0; row < rows; row++) {
            int shift = row % TILE_ROWS / Interleaved2.LANES * 2;
            for (int column = 0; column < columns; column++) {
                weights.accept(row * columns + column, packed.get(WORD, offset(row, column, columns)) >> shift & 3);
            }
        }
        return weights.matrix(weightScales);
    }

    private static long offset(int row, int column, int columns) {
        return row / TILE_ROWS * tileBytes(columns) + (long) column * COLUMN_BYTES
                + (long) Interleaved2.laneOfRow(row % Interleaved2.LANES) * Short.BYTES;
    }
}
