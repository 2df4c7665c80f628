package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LookupWordsTest {

    /// The 16-bit word of a row's group, written without the layout's own arithmetic.
    private static int word(byte[] packed, int groups, int row, int group) {
        int at = row / 32 * groups * 64 + group * 64 + row % 16 * 4 + (row & 16) / 8;
        return packed[at] & 0xFF | (packed[at + 1] & 0xFF) << 8;
    }

    @Nested
    class Ternary extends PackingContract {

        Ternary() {
            super(Packings.LUT9, -1, 0, 1);
        }

        @Override
        int codeAt(byte[] packed, int rows, int columns, int row, int column) {
            int index = word(packed, (columns + 8) / 9, row, column / 9) >> 5 * (column % 9 / 3) & 31;
            return switch (column % 3) {
                case 0 -> index % 3;
                case 1 -> index / 3 % 3;
                default -> index / 9;
            };
        }

        @Test
        void putsThreeColumnsIntoAnIndex() {
            TernaryMatrix matrix = new TernaryMatrix(1, 10, new byte[] {1, -1, 0, 0, 0, 1, -1, -1, 1, 1}, 1f);
            byte[] packed = encode(matrix);
            assertThat(word(packed, 2, 0, 0)).isEqualTo(2 + 9 | 1 + 3 + 18 << 5 | 18 << 10);
            assertThat(word(packed, 2, 0, 1)).isEqualTo(2 + 3 + 9 | 13 << 5 | 13 << 10);
        }

        @Test
        void refusesAnIndexThatStandsForNothing() {
            byte[] packed = encode(constant(33, 9, 1));
            packed[64] = (byte) (packed[64] & 0xE0 | 27);
            assertThatThrownBy(() -> decode(packed, 33, 9)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("LUT9", "code 3", "row 32, column 0");
        }

        @Test
        void takes64BytesForNineColumnsOf32RowsAndASpanOfFilling() {
            assertThat(Packings.LUT9.byteSize(32, 9)).isEqualTo(64 * (1 + 27));
            assertThat(Packings.LUT9.byteSize(33, 10)).isEqualTo(64 * (4 + 27));
            assertThat(Packings.LUT9.bitsPerWeight()).isEqualTo(16.0 / 9);
        }
    }

    @Nested
    class Signs extends PackingContract {

        Signs() {
            super(Packings.LUT15, -1, 1);
        }

        @Override
        int codeAt(byte[] packed, int rows, int columns, int row, int column) {
            return word(packed, (columns + 14) / 15, row, column / 15) >> column % 15 & 1;
        }

        @Override
        int codeOf(int trit) {
            return trit > 0 ? 1 : 0;
        }

        @Test
        void refusesZeros() {
            TernaryMatrix matrix = constant(2, 20, 0);
            assertThatThrownBy(() -> encode(matrix)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("LUT15", "row 0, column 0", "expected -1 or +1");
        }

        @Test
        void takesOneBitAWeightAndAFifteenthMore() {
            assertThat(Packings.LUT15.byteSize(32, 15)).isEqualTo(64 * (1 + 27));
            assertThat(Packings.LUT15.bitsPerWeight()).isEqualTo(16.0 / 15);
        }
    }
}
