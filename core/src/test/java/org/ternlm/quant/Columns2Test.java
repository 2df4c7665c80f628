package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class Columns2Test extends PackingContract {

    Columns2Test() {
        super(Packings.COL2, -1, 0, 1);
    }

    /// Byte-wise: the low byte of a word has the first four blocks of its tile.
    @Override
    int codeAt(byte[] packed, int rows, int columns, int row, int column) {
        int block = row % 256 / 32;
        int at = row / 256 * columns * 64 + column * 64 + row % 16 * 4 + (row & 16) / 8 + block / 4;
        return twoBits(packed[at], 2 * (block & 3));
    }

    @Test
    void putsTheRowsOfAColumnSideBySide() {
        byte[] trits = new byte[257 * 2];
        trits[2 * 33 + 1] = 1;
        trits[2 * 256] = -1;
        byte[] packed = encode(new TernaryMatrix(257, 2, trits, 1f));
        assertThat(packed).hasSize(4 * 64);
        // Row 33 is the second block's second row: lane 2, bits 2 and 3, of the first tile's second column.
        assertThat(packed[64 + 4]).isEqualTo((byte) 0b0101_1001);
        assertThat(packed[2 * 64]).isEqualTo((byte) 0b0101_0100);
    }

    @Test
    void fillsUpWithZeroWeights() {
        byte[] packed = encode(constant(33, 3, -1));
        for (int row = 0; row < 256; row++) {
            for (int column = 0; column < 3; column++) {
                assertThat(codeAt(packed, 33, 3, row, column)).isEqualTo(row < 33 ? 0 : 1);
            }
        }
    }

    @Test
    void refusesCode3() {
        byte[] packed = encode(constant(33, 9, 0));
        packed[5 * 64] |= 0b0000_1100;
        assertThatThrownBy(() -> decode(packed, 33, 9)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("COL2", "code 3", "row 32, column 5");
    }

    @Test
    void takes64BytesForAColumnOf256Rows() {
        assertThat(Packings.COL2.byteSize(256, 7)).isEqualTo(64 * 7);
        assertThat(Packings.COL2.byteSize(257, 7)).isEqualTo(64 * 14);
        assertThat(Packings.COL2.bitsPerWeight()).isEqualTo(2);
    }
}
