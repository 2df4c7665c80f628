package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class I2STest extends PackingContract {

    I2STest() {
        super(Packings.I2_S, -1, 0, 1);
    }

    @Override
    int codeAt(byte[] packed, int rows, int columns, int row, int column) {
        int weight = row * columns + column;
        int quarter = weight >> 5 & 3;
        return twoBits(packed[32 * (weight >> 7) + (weight & 31)], 2 * (3 - quarter));
    }

    @Test
    void hasTheGoldenBytes() {
        byte[] golden = HexFormat.of().parseHex("124046849091a164a4a859692a169a4a05a69201a964806a19209a0688260162"
                + "0000403f" + "00".repeat(28));
        assertThat(encode(golden(1, 128))).isEqualTo(golden);
        assertThat(decode(golden, 1, 128)).isEqualTo(golden(1, 128));
    }

    @Test
    void doesNotReadTheUnusedBytes() {
        byte[] packed = encode(golden(2, 256));
        Arrays.fill(packed, packed.length - 28, packed.length, (byte) 0xff);
        assertThat(decode(packed, 2, 256)).isEqualTo(golden(2, 256));
    }

    @Test
    void keepsTheScaleToTheLastBit() {
        TernaryMatrix matrix = new TernaryMatrix(1, 128, new byte[128], -0x1.234566p-40f);
        assertThat(decode(encode(matrix), 1, 128)).isEqualTo(matrix);
    }

    @Test
    void refusesAScaleThatIsNotFinite() {
        byte[] packed = encode(golden(1, 128));
        System.arraycopy(HexFormat.of().parseHex("0000807f"), 0, packed, 32, 4);
        assertThatThrownBy(() -> decode(packed, 1, 128)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("I2_S", "Infinity");
    }

    @Test
    void refusesAScaleForEachRow() {
        TernaryMatrix matrix = new TernaryMatrix(2, 128, new byte[256], new float[] {1, 2});
        assertThatThrownBy(() -> encode(matrix)).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(
                "I2_S", "one weight scale", "2 rows");
    }

    @Test
    void refusesCode3() {
        byte[] packed = encode(golden(2, 128));
        packed[32 + 5] |= (byte) 0b1100_0000;
        assertThatThrownBy(() -> decode(packed, 2, 128)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("I2_S", "code 3", "row 1, column 5");
    }

    @Test
    void takesAQuarterAnd32Bytes() {
        assertThat(Packings.I2_S.byteSize(3, 256)).isEqualTo(3 * 64 + 32);
    }
}
