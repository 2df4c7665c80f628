package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TernaryMatrixTest {

    private static final byte[] SIX = {1, 0, -1, -1, 0, 1};

    @Test
    void isRowMajor() {
        TernaryMatrix matrix = new TernaryMatrix(2, 3, SIX, new float[] {0.5f, 2});
        assertThat(matrix.trit(0, 2)).isEqualTo(-1);
        assertThat(matrix.trit(1, 2)).isEqualTo(1);
        assertThat(matrix.weightScale(1)).isEqualTo(2);
        assertThat(new TernaryMatrix(2, 3, SIX, 0.5f).weightScale(1)).isEqualTo(0.5f);
    }

    @Test
    void equalsByContent() {
        TernaryMatrix matrix = new TernaryMatrix(2, 3, SIX, 0.5f);
        assertThat(matrix).isEqualTo(new TernaryMatrix(2, 3, SIX.clone(), 0.5f)).hasSameHashCodeAs(new TernaryMatrix(2,
                3, SIX.clone(), 0.5f));
        assertThat(matrix).isNotEqualTo(new TernaryMatrix(3, 2, SIX, 0.5f)).isNotEqualTo(new TernaryMatrix(2, 3, SIX,
                1));
        assertThat(matrix).hasToString("TernaryMatrix[2 × 3]");
    }

    @Test
    void refusesWhatIsNoTernaryMatrix() {
        assertRefused("needs 8 weights, found 6", () -> new TernaryMatrix(2, 4, SIX, 1));
        assertRefused("found 6", () -> new TernaryMatrix(-2, -3, SIX, 1));
        assertRefused("expected 1 or 2 weight scales, found 3", () -> new TernaryMatrix(2, 3, SIX, new float[3]));
        assertRefused("NaN", () -> new TernaryMatrix(2, 3, SIX, Float.NaN));
        assertRefused("weight 2 at row 1, column 1", () -> new TernaryMatrix(2, 2, new byte[] {0, 0, 0, 2}, 1));
        assertRefused("weight -2 at row 0, column 1", () -> new TernaryMatrix(2, 2, new byte[] {0, -2, 0, 0}, 1));
    }

    @Test
    void refusesPlacesOutside() {
        TernaryMatrix matrix = new TernaryMatrix(2, 3, SIX, 1);
        assertThatThrownBy(() -> matrix.trit(0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> matrix.trit(2, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static void assertRefused(String message, Runnable action) {
        assertThatThrownBy(action::run).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }
}
