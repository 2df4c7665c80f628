package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Interleaved2Test extends PackingContract {

    Interleaved2Test() {
        super(Packings.TERN2, -1, 0, 1);
    }

    /// Byte-wise: the low byte of a word has the first four columns of its group; rows 16 to 31 of a block stand in the
    /// odd words.
    @Override
    int codeAt(byte[] packed, int rows, int columns, int row, int column) {
        int bytesOfBlock = (columns + 7) / 8 * 64;
        int at = row / 32 * bytesOfBlock + column / 8 * 64 + row % 16 * 4 + (row & 16) / 8 + (column & 4) / 4;
        return twoBits(packed[at], 2 * (column & 3));
    }

    @Test
    void hasTheGoldenBytes() {
        byte[] golden = HexFormat.of().parseHex("946a5555" + "05865555" + "6620" + "55".repeat(54)
                + "5a555555" + "52555555" + "5255" + "55".repeat(54));
        byte[] filled = Arrays.copyOf(golden, golden.length + 15 * 64);
        assertThat(encode(golden(3, 10))).isEqualTo(filled);
        assertThat(decode(filled, 3, 10)).isEqualTo(golden(3, 10));
    }

    @Test
    void fillsUpWithZeroWeights() {
        TernaryMatrix matrix = constant(33, 9, -1);
        byte[] packed = encode(matrix);
        for (int row = 0; row < 64; row++) {
            for (int column = 0; column < 16; column++) {
                int expected = row < 33 && column < 9 ? 0 : 1;
                assertThat(codeAt(packed, 33, 9, row, column)).isEqualTo(expected);
            }
        }
    }

    @Test
    void doesNotReadTheFilling() {
        byte[] packed = encode(golden(3, 10));
        for (int at = 12; at < 64; at++) {
            packed[at] = (byte) 0xff;
        }
        packed[2] = (byte) 0xff;
        packed[65] = (byte) 0xff;
        assertThat(decode(packed, 3, 10)).isEqualTo(golden(3, 10));
    }

    @Test
    void refusesCode3() {
        byte[] packed = encode(golden(33, 9));
        packed[2 * 64 + 1] |= 0b0000_1100;
        assertThatThrownBy(() -> decode(packed, 33, 9)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("TERN2", "code 3", "row 32, column 5");
    }

    @Test
    void takes64BytesForEightColumnsOf32RowsAndASpanOfFilling() {
        assertThat(Packings.TERN2.byteSize(32, 8)).isEqualTo(64 * (1 + 15));
        assertThat(Packings.TERN2.byteSize(33, 9)).isEqualTo(64 * (4 + 15));
        assertThat(Packings.TERN2.bitsPerWeight()).isEqualTo(2);
    }
}
