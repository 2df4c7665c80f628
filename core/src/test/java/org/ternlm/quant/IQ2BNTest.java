package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class IQ2BNTest extends PackingContract {

    IQ2BNTest() {
        super(Packings.IQ2_BN, -1, 0, 1);
    }

    @Override
    int codeAt(byte[] packed, int rows, int columns, int row, int column) {
        int start = row * (4 + columns / 4) + 4;
        return twoBits(packed[start + column / 64 * 16 + column % 16], column % 64 / 16 * 2);
    }

    @Test
    void hasTheGoldenBytes() {
        byte[] golden = HexFormat.of()
                .parseHex("0000403f108949029a962aa562a25921289012856484a1414814108949029a962aa562a2");
        assertThat(encode(golden(1, 128))).isEqualTo(golden);
        assertThat(decode(golden, 1, 128)).isEqualTo(golden(1, 128));
    }

    @Test
    void keepsAScaleForEachRow() {
        TernaryMatrix matrix = new TernaryMatrix(3, 64, golden(3, 64).trits(), new float[] {0x1.234566p-40f, -1, 2});
        assertThat(decode(encode(matrix), 3, 64)).isEqualTo(matrix);
    }

    @Test
    void refusesAScaleThatIsNotFinite() {
        byte[] packed = encode(golden(2, 64));
        System.arraycopy(HexFormat.of().parseHex("0000c07f"), 0, packed, 20, 4);
        assertThatThrownBy(() -> decode(packed, 2, 64)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("IQ2_BN", "row 1", "NaN");
    }

    @Test
    void refusesCode3() {
        byte[] packed = encode(golden(2, 128));
        packed[36 + 4 + 16 + 5] |= (byte) 0b1100_0000;
        assertThatThrownBy(() -> decode(packed, 2, 128)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("IQ2_BN", "code 3", "row 1, column 117");
    }

    @Test
    void takesFourBytesMoreARow() {
        assertThat(Packings.IQ2_BN.byteSize(3, 256)).isEqualTo(3 * (4 + 64));
    }
}
