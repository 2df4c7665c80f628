package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class TQ2_0Test extends HalfScaledContract {

    TQ2_0Test() {
        super(Packings.TQ2_0, 66, 64);
    }

    @Override
    int codeAt(byte[] packed, int rows, int columns, int row, int column) {
        int weight = row * columns + column;
        int block = weight >> 8;
        int half = weight >> 7 & 1;
        int quarter = weight >> 5 & 3;
        return twoBits(packed[66 * block + 32 * half + (weight & 31)], 2 * quarter);
    }

    @Test
    void hasTheGoldenBytes() {
        byte[] golden = HexFormat.of().parseHex("8401911206464a191a2a6569a894a6a1509a86406a1902a96408a69022984089"
                + "a96408a690229840896100248401911206464a191a2a6569a894a6a1509a8640" + "003a");
        assertThat(encode(golden(1, 256))).isEqualTo(golden);
        assertThat(decode(golden, 1, 256)).isEqualTo(golden(1, 256));
    }

    @Test
    void refusesCode3() {
        byte[] packed = encode(golden(2, 256));
        packed[66 + 33] |= 0b0011_0000;
        assertThatThrownBy(() -> decode(packed, 2, 256)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("TQ2_0", "code 3", "row 1, column 193");
    }

    @Test
    void takes66BytesABlock() {
        assertThat(Packings.TQ2_0.byteSize(3, 512)).isEqualTo(6 * 66);
        assertThat(Packings.TQ2_0.bitsPerWeight()).isEqualTo(2.0625);
    }
}
