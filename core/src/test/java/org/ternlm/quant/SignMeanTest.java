package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SignMeanTest {

    @Test
    void takesTheSignAboutTheMean() {
        // Mean 1, mean magnitude 2. The weight at the mean is -1.
        float[] weights = {3, 1, 2, -2};
        assertThat(SignMean.binarize(weights, 2, 2)).isEqualTo(new TernaryMatrix(2, 2, new byte[] {1, -1, 1, -1}, 2));
    }

    @Test
    void makesMinusOnesOfEqualWeights() {
        for (float weight : new float[] {0, 0.1f, -0.3f, Float.MIN_VALUE, Float.MAX_VALUE}) {
            float[] weights = new float[1001];
            Arrays.fill(weights, weight);
            TernaryMatrix matrix = SignMean.binarize(weights, 7, 143);
            assertThat(matrix.trits()).containsOnly(-1);
            assertThat(matrix.weightScale(0)).isEqualTo(Math.abs(weight));
        }
    }

    @Test
    void doesNotCentreTheScale() {
        assertThat(SignMean.weightScale(new float[] {10, 12})).isEqualTo(11);
        assertThat(SignMean.binarize(new float[] {10, 12}, 1, 2).trits()).containsExactly(-1, 1);
    }

    @Test
    void refusesWeightsThatAreNotFinite() {
        assertThatThrownBy(() -> SignMean.binarize(new float[] {1, Float.NaN}, 1, 2)).isInstanceOf(
                IllegalArgumentException.class).hasMessage("weight 1 is NaN");
    }
}
