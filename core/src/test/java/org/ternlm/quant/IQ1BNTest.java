package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class IQ1BNTest extends PackingContract {
    private static final int[] POWERS = {1, 3, 9, 27, 81};

    IQ1BNTest() {
        super(Packings.IQ1_BN, -1, 0, 1);
    }

    /// By the number that the byte was made of, not by moving digits: a byte is that number times 256/243, rounded up.
    @Override
    int codeAt(byte[] packed, int rows, int columns, int row, int column) {
        int block = row * (2 + columns / 64 * 13) + 2 + column / 64 * 13;
        int group = column % 64 / 16;
        int inGroup = column % 16;
        int at = inGroup == 15 ? 12 : 3 * group + inGroup / 5;
        int digits = Byte.toUnsignedInt(packed[block + at]) * 243 / 256;
        return digits / POWERS[inGroup == 15 ? group : inGroup % 5] % 3;
    }

    @Test
    void hasTheGoldenBytes() {
        byte[] golden = HexFormat.of().parseHex("003af1f6afc4111657fe8dbbdd3a3e26d1e3af4d351605fb8d30974e");
        assertThat(encode(golden(1, 128))).isEqualTo(golden);
        assertThat(decode(golden, 1, 128)).isEqualTo(golden(1, 128));
    }

    /// Each of the 256 bytes, in each of the 13 places: what the rule of the layout makes of it.
    @Test
    void readsEveryByte() {
        int[] powers = {81, 27, 9, 3, 1};
        for (int value = 0; value < 256; value++) {
            byte[] packed = new byte[15];
            packed[1] = 0x3c;
            Arrays.fill(packed, 2, 15, (byte) value);
            TernaryMatrix matrix = decode(packed, 1, 64);
            for (int i = 0; i < 64; i++) {
                int digit = i % 16 == 15 ? i / 16 : i % 16 % 5;
                int front = value * powers[digit] % 256;
                assertThat(matrix.trit(0, i)).as("byte %d, weight %d", value, i).isEqualTo((front + front / 2) / 128
                        - 1);
            }
        }
    }

    @Test
    void keepsAScaleForEachRow() {
        TernaryMatrix matrix = new TernaryMatrix(3, 64, golden(3, 64).trits(), new float[] {0.5f, -1, 2});
        assertThat(decode(encode(matrix), 3, 64)).isEqualTo(matrix);
    }

    @Test
    void refusesScalesThatNoHalfIsNearTo() {
        TernaryMatrix matrix = new TernaryMatrix(1, 64, golden(1, 64).trits(), 1e-9f);
        assertThatThrownBy(() -> encode(matrix)).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(
                "IQ1_BN", "does not fit a half");
    }

    @Test
    void takesTwoBytesMoreARow() {
        assertThat(Packings.IQ1_BN.byteSize(3, 256)).isEqualTo(3 * (2 + 4 * 13));
    }
}
