package org.ternlm.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ternlm.kernel.scalar.ScalarTileUnpacking;
import org.ternlm.kernel.vector.VectorProvider;
import org.ternlm.quant.LookupWords;
import org.ternlm.quant.Packings;
import org.ternlm.quant.TernaryMatrix;

/// Unpacked tiles against the matrix itself, and vectors against plain loops beyond its columns too.
@Tag("kernel")
class TileUnpackingTest {
    private static final int ROWS = 70;

    private static List<TileUnpacking> unpackings() {
        List<TileUnpacking> all = new ArrayList<>(List.of(new ScalarTileUnpacking()));
        if (VectorProvider.bits() == 512 && VectorProvider.widestBits() >= 512) {
            all.add(VectorProvider.unpacking());
        }
        return all;
    }

    @Test
    void theColumnsAreThoseOfTheMatrix() {
        for (LookupWords layout : List.of(Packings.LUT9, Packings.LUT15)) {
            for (int columns : new int[] {1, 8, 9, 10, 15, 35, 36, 37, 59, 60, 61, 260}) {
                TernaryMatrix matrix = matrix(layout, columns);
                byte[] plain = {};
                for (TileUnpacking unpacking : unpackings()) {
                    byte[] tile = unpacked(layout, matrix, unpacking);
                    check(matrix, tile);
                    plain = plain.length == 0 ? tile : plain;
                    assertThat(tile).as("%s, %d columns", layout.name(), columns).isEqualTo(plain);
                }
            }
        }
    }

    private static TernaryMatrix matrix(LookupWords layout, int columns) {
        Random random = new Random(columns);
        byte[] trits = new byte[ROWS * columns];
        for (int i = 0; i < trits.length; i++) {
            trits[i] = (byte) (layout.equals(Packings.LUT9) ? random.nextInt(3) - 1 : 2 * random.nextInt(2) - 1);
        }
        return new TernaryMatrix(ROWS, columns, trits, 1f);
    }

    /// The second block in the second half of a tile, whose first half stays as it was.
    private static byte[] unpacked(LookupWords layout, TernaryMatrix matrix, TileUnpacking unpacking) {
        int columns = matrix.columns();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment codes = arena.allocate(layout.byteSize(ROWS, columns), 64);
            layout.encode(matrix, codes);
            MemorySegment tile = arena.allocate((long) TileUnpacking.unpackedColumns(layout, columns)
                    * ByteProducts.TILE_ROWS, 64).fill((byte) 7);
            unpacking.unpack(layout, codes, (long) layout.groups(columns) * LookupWords.GROUP_BYTES, columns, tile,
                    32 * 4);
            return tile.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private static void check(TernaryMatrix matrix, byte[] tile) {
        for (int i = 0; i < tile.length; i++) {
            int row = i / 4 % ByteProducts.TILE_ROWS;
            int column = i / (4 * ByteProducts.TILE_ROWS) * 4 + i % 4;
            if (row < 32) {
                assertThat(tile[i]).as("untouched").isEqualTo((byte) 7);
            } else if (column < matrix.columns()) {
                assertThat((int) tile[i]).as("row %d, column %d", row, column).isEqualTo(matrix.trit(row, column));
            } else {
                assertThat(tile[i]).as("beyond the columns").isBetween((byte) -1, (byte) 1);
            }
        }
    }
}
