package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class IQ2BNR4Test extends PackingContract {

    IQ2BNR4Test() {
        super(Packings.IQ2_BN_R4, -1, 0, 1);
    }

    /// By the format's own counting: quarter l of the block, row k of the four, weight 4b + i of the quarter.
    @Override
    int codeAt(byte[] packed, int rows, int columns, int row, int column) {
        int group = row / 4 * (16 + columns);
        int quarter = column % 64 / 16;
        int inQuarter = column % 16;
        int at = group + 16 + column / 64 * 64 + 16 * quarter + 4 * (row % 4) + inQuarter % 4;
        return twoBits(packed[at], 2 * (inQuarter / 4));
    }

    /// One block made by hand: all zero but for four weights.
    @Test
    void decodesABlockMadeByHand() {
        byte[] packed = HexFormat.of().parseHex("0000803f0000004000008040000000bf" + "55".repeat(64));
        packed[16] = (byte) 0b01_01_01_10;
        packed[16 + 4 + 1] = (byte) 0b00_01_01_01;
        packed[16 + 16 + 8 + 2] = (byte) 0b01_01_10_01;
        packed[16 + 48 + 12 + 3] = (byte) 0b10_01_01_01;
        TernaryMatrix matrix = decode(packed, 4, 64);
        assertThat(matrix.weightScales()).containsExactly(1, 2, 4, -0.5f);
        assertThat(matrix.trit(0, 0)).isEqualTo(1);
        assertThat(matrix.trit(1, 13)).isEqualTo(-1);
        assertThat(matrix.trit(2, 16 + 4 + 2)).isEqualTo(1);
        assertThat(matrix.trit(3, 63)).isEqualTo(1);
        int others = 0;
        for (byte trit : matrix.trits()) {
            others += trit == 0 ? 1 : 0;
        }
        assertThat(others).isEqualTo(4 * 64 - 4);
    }

    @Test
    void takesThePlaceOfFourRowsOfIq2Bn() {
        assertThat(Packings.IQ2_BN_R4.byteSize(8, 192)).isEqualTo(Packings.IQ2_BN.byteSize(8, 192));
        assertThatThrownBy(() -> Packings.IQ2_BN_R4.byteSize(6, 64)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("multiples of 4");
    }

    @Test
    void refusesCode3AndScalesThatAreNone() {
        byte[] packed = encode(golden(4, 64));
        packed[16 + 20] |= 0b11;
        assertThatThrownBy(() -> decode(packed, 4, 64)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("IQ2_BN_R4", "code 3", "row 1, column 16");
        byte[] infinite = encode(golden(4, 64));
        System.arraycopy(HexFormat.of().parseHex("0000807f"), 0, infinite, 8, 4);
        assertThatThrownBy(() -> decode(infinite, 4, 64)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("IQ2_BN_R4", "row 2", "Infinity");
    }
}
