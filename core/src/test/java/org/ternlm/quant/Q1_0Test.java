package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Q1_0Test extends PackingContract {

    Q1_0Test() {
        super(Packings.Q1_0, -1, 1);
    }

    @Override
    int codeAt(byte[] packed, int rows, int columns, int row, int column) {
        int weight = row * columns + column;
        return packed[18 * (weight >> 7) + 2 + (weight >> 3 & 15)] >> (weight & 7) & 1;
    }

    @Override
    int codeOf(int trit) {
        return trit > 0 ? 1 : 0;
    }

    /// Bits 0, 1, 9 and 127 are set, by hand.
    @Test
    void hasTheGoldenBytes() {
        byte[] weights = new byte[128];
        Arrays.fill(weights, (byte) -1);
        for (int i : new int[] {0, 1, 9, 127}) {
            weights[i] = 1;
        }
        byte[] golden = HexFormat.of().parseHex("003a" + "0302" + "00".repeat(13) + "80");
        TernaryMatrix matrix = new TernaryMatrix(1, 128, weights, SCALE);
        assertThat(encode(matrix)).isEqualTo(golden);
        assertThat(decode(golden, 1, 128)).isEqualTo(matrix);
    }

    @Test
    void refusesAWeightOfZero() {
        assertThatThrownBy(() -> encode(constant(1, 128, 0))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Q1_0: weight 0 is 0, expected -1 or +1");
    }

    @Test
    void keepsAScaleForEachRow() {
        byte[] weights = constant(2, 256, 1).trits();
        TernaryMatrix matrix = new TernaryMatrix(2, 256, weights, new float[] {0.5f, -2});
        assertThat(decode(encode(matrix), 2, 256)).isEqualTo(matrix);
    }

    @Test
    void saysThatGroupScalesAreNotTernary() {
        byte[] packed = encode(constant(1, 256, 1));
        packed[18] = 1;
        assertThatThrownBy(() -> decode(packed, 1, 256)).isInstanceOf(NotTernaryException.class)
                .hasMessageContainingAll("Q1_0", "row 0, column 128", "group scales");
    }

    @Test
    void takes18BytesABlock() {
        assertThat(Packings.Q1_0.byteSize(3, 256)).isEqualTo(6 * 18);
        assertThat(Packings.Q1_0.bitsPerWeight()).isEqualTo(1.125);
    }
}
