package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// What holds for every layout that has an fp16 scale in each block.
abstract class HalfScaledContract extends PackingContract {

    private final int width;
    private final int blockBytes;
    private final int scaleAt;

    HalfScaledContract(Packing packing, int blockBytes, int scaleAt) {
        super(packing, -1, 0, 1);
        this.width = packing.columnMultiple();
        this.blockBytes = blockBytes;
        this.scaleAt = scaleAt;
    }

    @Test
    void storesTheNearestHalf() {
        // Halves near 0.1 are 2^-14 apart: 0.1 lies between 1638 and 1639 times that, nearer to the first.
        TernaryMatrix decoded = decode(encode(scaled(2, 0.1f)), 2, width);
        assertThat(decoded.weightScales()).containsExactly(1638f / 16384);
        assertThat(encode(decoded)).isEqualTo(encode(scaled(2, 0.1f)));
    }

    @Test
    void roundsTiesToTheEvenHalf() {
        assertThat(decode(encode(scaled(1, 1 + 1f / 2048)), 1, width).weightScale(0)).isEqualTo(1);
        assertThat(decode(encode(scaled(1, 1 + 3f / 2048)), 1, width).weightScale(0)).isEqualTo(1 + 2f / 1024);
    }

    @Test
    void storesTheSmallestScaleOfAbsMean() {
        assertThat(decode(encode(scaled(1, AbsMean.SMALLEST_SCALE)), 1, width).weightScale(0)).isEqualTo(168f
                / (1 << 24));
    }

    @Test
    void refusesScalesThatNoHalfIsNearTo() {
        assertThat(decode(encode(scaled(1, 65504)), 1, width).weightScale(0)).isEqualTo(65504);
        assertThat(decode(encode(scaled(1, -2)), 1, width).weightScale(0)).isEqualTo(-2);
        assertThat(decode(encode(scaled(1, 0)), 1, width).weightScale(0)).isEqualTo(0);
        for (float scale : new float[] {65520, -1e9f, 1e-8f, -Float.MIN_VALUE}) {
            assertThatThrownBy(() -> encode(scaled(1, scale))).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("weight scale " + scale);
        }
    }

    @Test
    void keepsAScaleForEachRow() {
        TernaryMatrix matrix = scaled(3, 0.5f, -1.5f, 0.25f);
        assertThat(decode(encode(matrix), 3, 2 * width)).isEqualTo(matrix);
    }

    @Test
    void makesOneOfEqualScales() {
        assertThat(decode(encode(scaled(3, 0.5f, 0.5f, 0.5f)), 3, 2 * width).weightScales()).containsExactly(0.5f);
    }

    @Test
    void letsABlockOfZerosHaveTheScaleZero() {
        byte[] weights = new byte[3 * 2 * width];
        Arrays.fill(weights, 0, width, (byte) 1);
        Arrays.fill(weights, 3 * width, 4 * width, (byte) -1);
        TernaryMatrix matrix = new TernaryMatrix(3, 2 * width, weights, SCALE);
        byte[] packed = encode(matrix);
        // Blocks of zeros: the second of row 0, the first of row 1, both of row 2.
        for (int block : new int[] {1, 2, 4, 5}) {
            setScale(packed, block, 0x0000);
        }
        assertThat(decode(packed, 3, 2 * width)).isEqualTo(matrix);
    }

    @Test
    void givesZeroToARowOfZerosAmongDifferentRows() {
        byte[] packed = encode(scaled(3, 0.5f, 0, 2));
        byte[] zeros = encode(new TernaryMatrix(3, 2 * width, new byte[6 * width], 0));
        System.arraycopy(zeros, 0, packed, 2 * blockBytes, 2 * blockBytes);
        TernaryMatrix decoded = decode(packed, 3, 2 * width);
        assertThat(decoded.weightScales()).containsExactly(0.5f, 0, 2);
        assertThat(decode(zeros, 3, 2 * width)).isEqualTo(new TernaryMatrix(3, 2 * width, new byte[6 * width], 0));
    }

    @Test
    void refusesScalesThatDifferWithinARow() {
        byte[] packed = encode(constant(2, 3 * width, 1));
        setScale(packed, 5, 0x3a01);
        assertThatThrownBy(() -> decode(packed, 2, 3 * width)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("row 1, column " + 2 * width, "group scales");
        // Zero is a scale like any other where there are weights to be scaled.
        setScale(packed, 5, 0x0000);
        assertThatThrownBy(() -> decode(packed, 2, 3 * width)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("group scales");
    }

    @Test
    void refusesScalesThatAreNotFinite() {
        for (int half : new int[] {0x7c00, 0xfc00, 0x7e00}) {
            byte[] packed = encode(constant(2, 2 * width, 0));
            setScale(packed, 3, half);
            assertThatThrownBy(() -> decode(packed, 2, 2 * width)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("row 1, column " + width);
        }
    }

    private TernaryMatrix scaled(int rows, float... scales) {
        int columns = scales.length == 1 ? width : 2 * width;
        byte[] weights = new byte[rows * columns];
        Arrays.fill(weights, (byte) 1);
        return new TernaryMatrix(rows, columns, weights, scales);
    }

    private void setScale(byte[] packed, int block, int half) {
        packed[block * blockBytes + scaleAt] = (byte) half;
        packed[block * blockBytes + scaleAt + 1] = (byte) (half >> 8);
    }
}
