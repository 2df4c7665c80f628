package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Q2_0Test extends HalfScaledContract {

    Q2_0Test() {
        super(Packings.Q2_0, 18, 0);
    }

    @Override
    int codeAt(byte[] packed, int rows, int columns, int row, int column) {
        int weight = row * columns + column;
        int bit = 2 * (weight & 63);
        return twoBits(packed[18 * (weight >> 6) + 2 + (bit >> 3)], bit & 7);
    }

    @Test
    void hasTheGoldenBytes() {
        byte[] golden = HexFormat.of().parseHex("003a" + "946a5a602866204201a59a16188a1988");
        assertThat(encode(golden(1, 64))).isEqualTo(golden);
        assertThat(decode(golden, 1, 64)).isEqualTo(golden(1, 64));
    }

    @Test
    void refusesTwo() {
        byte[] packed = encode(golden(2, 128));
        packed[3 * 18 + 2 + 1] |= (byte) 0b1100_0000;
        assertThatThrownBy(() -> decode(packed, 2, 128)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("Q2_0", "code 3", "row 1, column 71");
    }

    @Test
    void takes18BytesABlock() {
        assertThat(Packings.Q2_0.byteSize(3, 192)).isEqualTo(9 * 18);
        assertThat(Packings.Q2_0.bitsPerWeight()).isEqualTo(2.25);
    }
}
