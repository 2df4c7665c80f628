package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AbsMeanTest {

    @Test
    void roundsWeightsOverTheirMeanMagnitude() {
        // Mean magnitude (0.2 + 3 + 1 + 0.8 + 0 + 1) / 6 = 1.
        float[] weights = {0.2f, -3, 1, -0.8f, 0, 1};
        TernaryMatrix matrix = AbsMean.ternarize(weights, 2, 3);
        assertThat(matrix).isEqualTo(new TernaryMatrix(2, 3, new byte[] {0, -1, 1, -1, 0, 1}, 1));
    }

    @Test
    void takesOneMeanForTheWholeMatrix() {
        // Mean magnitude (10 + 6 + 1 + 0.2) / 4 = 4.3: of the second row nothing is left. By its own mean, 0.6, it would
        // be 1, 0.
        assertThat(AbsMean.ternarize(new float[] {10, -6, 1, 0.2f}, 2, 2).trits()).containsExactly(1, -1, 0, 0);
    }

    @Test
    void roundsHalfToEven() {
        // Mean magnitude 1: 0.5 and -0.5 are ties and become 0; 1.5 would become 2 and is clipped.
        assertThat(AbsMean.ternarize(new float[] {0.5f, -0.5f, 1.5f, -1.5f}, 1, 4).trits()).containsExactly(0, 0, 1,
                -1);
        float above = Math.nextUp(0.5f);
        assertThat(AbsMean.ternarize(new float[] {above, -above, 1.5f, -1.5f}, 1, 4).trits()).containsExactly(1, -1, 1,
                -1);
    }

    @Test
    void multipliesByTheInverseInFloat() {
        // The scale is 41. The float next to 20.5 is more than half of that, but its product with the rounded inverse
        // is 0.5: a tie. Division would give +1.
        float weight = Math.nextUp(20.5f);
        float[] weights = {weight, 82 - weight};
        assertThat(AbsMean.weightScale(weights)).isEqualTo(41);
        assertThat(Math.rint(weight / 41)).isEqualTo(1);
        assertThat(AbsMean.ternarize(weights, 1, 2).trits()).containsExactly(0, 1);
    }

    @Test
    void clampsTheScale() {
        assertThat(AbsMean.weightScale(new float[] {0, 0})).isEqualTo(1e-5f);
        assertThat(AbsMean.ternarize(new float[] {0, -0f}, 2, 1)).isEqualTo(new TernaryMatrix(2, 1, new byte[2],
                1e-5f));
        // 4e-6 is under half of 1e-5, 6e-6 over it.
        assertThat(AbsMean.ternarize(new float[] {4e-6f, -6e-6f}, 1, 2)).isEqualTo(new TernaryMatrix(1, 2,
                new byte[] {0, -1}, 1e-5f));
    }

    @Test
    void sumsInDouble() {
        // In float, 2^24 swallows every 1 that is added to it.
        float[] weights = new float[1025];
        Arrays.fill(weights, -1);
        weights[0] = 1 << 24;
        assertThat(AbsMean.weightScale(weights)).isEqualTo((float) (((1 << 24) + 1024) / 1025.0));
        assertThat(AbsMean.weightScale(new float[] {Float.MAX_VALUE, -Float.MAX_VALUE})).isEqualTo(Float.MAX_VALUE);
        assertThat(AbsMean.ternarize(new float[] {Float.MAX_VALUE, -Float.MAX_VALUE, 0}, 1, 3).trits())
                .containsExactly(1, -1, 0);
    }

    @Test
    void refusesWeightsThatAreNotFinite() {
        for (float weight : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            assertThatThrownBy(() -> AbsMean.ternarize(new float[] {1, 2, weight, 4}, 2, 2)).isInstanceOf(
                    IllegalArgumentException.class).hasMessage("weight 2 is " + weight);
        }
    }

    @Test
    void refusesAShapeOfOtherSize() {
        assertThatThrownBy(() -> AbsMean.ternarize(new float[6], 2, 4)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs 8 weights, found 6");
        assertThatThrownBy(() -> AbsMean.weightScale(new float[0])).isInstanceOf(IllegalArgumentException.class);
    }
}
