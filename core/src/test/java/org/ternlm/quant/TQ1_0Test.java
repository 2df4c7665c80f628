package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class TQ1_0Test extends HalfScaledContract {

    private static final int[] POWERS = {1, 3, 9, 27, 81};

    TQ1_0Test() {
        super(Packings.TQ1_0, 54, 52);
    }

    /// By multiplying modulo 256 with a power of three, as ggml does.
    @Override
    int codeAt(byte[] packed, int rows, int columns, int row, int column) {
        int weight = (row * columns + column) % 256;
        int block = (row * columns + column) / 256;
        int at;
        int power;
        if (weight < 160) {
            at = weight % 32;
            power = weight / 32;
        } else if (weight < 240) {
            at = 32 + (weight - 160) % 16;
            power = (weight - 160) / 16;
        } else {
            at = 48 + (weight - 240) % 4;
            power = (weight - 240) / 4;
        }
        byte shifted = (byte) (packed[54 * block + at] * POWERS[power]);
        return Byte.toUnsignedInt(shifted) * 3 / 256;
    }

    @Test
    void hasTheGoldenBytes() {
        byte[] golden = HexFormat.of().parseHex("245666b7c8cde798eff888a5532ee2710ff6d005fc9aaca93339e311be4b0695"
                + "dd86e4a74853da41ec34236f5b3d290a" + "176f8c33" + "003a");
        assertThat(encode(golden(1, 256))).isEqualTo(golden);
        assertThat(decode(golden, 1, 256)).isEqualTo(golden(1, 256));
    }

    @Test
    void roundsTheFractionUp() {
        // Five codes 1 are 121 of 243 steps: 121 · 256 / 243 = 127.47; four and a 0 are 120 steps: 126.4.
        byte[] zeros = encode(constant(1, 256, 0));
        assertThat(Arrays.copyOf(zeros, 48)).containsOnly(128);
        assertThat(Arrays.copyOfRange(zeros, 48, 52)).containsOnly(127);
        // Five codes 2 are 242 steps: 254.9; four and a 0 are 240 steps: 252.8.
        byte[] ones = encode(constant(1, 256, 1));
        assertThat(Arrays.copyOf(ones, 48)).containsOnly(255);
        assertThat(Arrays.copyOfRange(ones, 48, 52)).containsOnly(253);
    }

    @Test
    void readsEveryByte() {
        for (int value = 0; value < 256; value++) {
            byte[] packed = new byte[54];
            Arrays.fill(packed, 0, 52, (byte) value);
            TernaryMatrix matrix = decode(packed, 1, 256);
            for (int column = 0; column < 256; column++) {
                assertThat(matrix.trit(0, column) + 1).isEqualTo(codeAt(packed, 1, 256, 0, column));
            }
        }
    }

    @Test
    void takes54BytesABlock() {
        assertThat(Packings.TQ1_0.byteSize(3, 512)).isEqualTo(6 * 54);
        assertThat(Packings.TQ1_0.bitsPerWeight()).isEqualTo(1.6875);
    }
}
