package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class HuggingFaceU8Test extends PackingContract {

    HuggingFaceU8Test() {
        super(Packings.HUGGING_FACE_U8, -1, 0, 1);
    }

    @Override
    int codeAt(byte[] packed, int rows, int columns, int row, int column) {
        int packedRows = packed.length / columns;
        int quarter = 0;
        while (row >= packedRows) {
            row -= packedRows;
            quarter++;
        }
        return twoBits(packed[row * columns + column], 2 * quarter);
    }

    @Test
    void hasTheGoldenBytes() {
        byte[] golden = HexFormat.of().parseHex("00012906220a" + "0a010a060905");
        assertThat(encode(golden(5, 6))).isEqualTo(golden);
        assertThat(decode(golden, 5, 6)).isEqualTo(golden(5, 6));
    }

    @Test
    void hasTheFourRowsOfAByteByHand() {
        // Column 0: rows +1, 0, -1, +1 are codes 2, 1, 0, 2, from the lowest bits up: 10 00 01 10.
        // Column 1: rows 0, 0, +1, -1 are codes 1, 1, 2, 0: 00 10 01 01.
        TernaryMatrix matrix = new TernaryMatrix(4, 2, new byte[] {1, 0, 0, 0, -1, 1, 1, -1}, SCALE);
        assertThat(encode(matrix)).containsExactly(0b10_00_01_10, 0b00_10_01_01);
    }

    @Test
    void doesNotReadRowsThatDoNotExist() {
        byte[] packed = encode(golden(5, 6));
        for (int column = 0; column < 6; column++) {
            packed[column] |= (byte) 0b1100_0000;
            packed[6 + column] |= (byte) 0b1111_0000;
        }
        assertThat(decode(packed, 5, 6)).isEqualTo(golden(5, 6));
    }

    @Test
    void refusesCode3() {
        byte[] packed = encode(golden(8, 3));
        packed[3 + 2] |= 0b0011_0000;
        assertThatThrownBy(() -> decode(packed, 8, 3)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("HF_U8", "code 3", "row 5, column 2");
    }

    @Test
    void takesAByteForFourRows() {
        assertThat(Packings.HUGGING_FACE_U8.byteSize(8, 7)).isEqualTo(14);
        assertThat(Packings.HUGGING_FACE_U8.byteSize(9, 7)).isEqualTo(21);
        assertThat(Packings.HUGGING_FACE_U8.bitsPerWeight()).isEqualTo(2);
    }
}
