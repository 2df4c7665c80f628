package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SignBitTest extends PackingContract {

    SignBitTest() {
        super(Packings.SIGN_BIT, -1, 1);
    }

    @Override
    int codeAt(byte[] packed, int rows, int columns, int row, int column) {
        return BitSet.valueOf(packed).get(packed.length / rows * 8 * row + column) ? 1 : 0;
    }

    @Override
    int codeOf(int trit) {
        return trit > 0 ? 1 : 0;
    }

    @Test
    void hasTheGoldenBytes() {
        byte[] golden = HexFormat.of().parseHex("fe07" + "d906" + "5306");
        TernaryMatrix matrix = signs(golden(3, 11));
        assertThat(encode(matrix)).isEqualTo(golden);
        assertThat(decode(golden, 3, 11)).isEqualTo(matrix);
    }

    @Test
    void doesNotReadTheBitsAfterARow() {
        byte[] packed = encode(signs(golden(2, 11)));
        packed[1] |= (byte) 0b1111_1000;
        assertThat(decode(packed, 2, 11)).isEqualTo(signs(golden(2, 11)));
    }

    @Test
    void refusesZero() {
        byte[] weights = {1, -1, 1, 1, -1, 0};
        assertThatThrownBy(() -> encode(new TernaryMatrix(2, 3, weights, SCALE))).isInstanceOf(
                IllegalArgumentException.class).hasMessageContainingAll("SIGN_BIT", "row 1, column 2");
    }

    @Test
    void takesABitAWeight() {
        assertThat(Packings.SIGN_BIT.byteSize(3, 8)).isEqualTo(3);
        assertThat(Packings.SIGN_BIT.byteSize(3, 9)).isEqualTo(6);
        assertThat(Packings.SIGN_BIT.bitsPerWeight()).isEqualTo(1);
    }

    /// With -1 for every zero.
    private static TernaryMatrix signs(TernaryMatrix matrix) {
        byte[] weights = matrix.trits().clone();
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (byte) (weights[i] >= 0 ? 1 : -1);
        }
        return new TernaryMatrix(matrix.rows(), matrix.columns(), weights, SCALE);
    }
}
