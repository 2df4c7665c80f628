package org.ternlm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// Against values worked out by hand.
class RotaryEmbeddingTest {
    private static final Offset<Float> NEARLY = within(1e-6f);
    private static final RopeScaling NONE = new RopeScaling.None();

    private static float[] turned(RotaryEmbedding rotary, int position, float... x) {
        rotary.prepare(position + 1);
        rotary.apply(x, 0, 1, position);
        return x;
    }

    @Test
    void turnsTheHalvesOfAHeadAgainstEachOther() {
        // Size 4, theta 100: the frequencies are 1 and 100^(-2/4) = 0.1. Element 0 turns with 2, element 1 with 3.
        RotaryEmbedding rotary = new RotaryEmbedding(4, 100, NONE);
        assertThat(turned(rotary, 2, 1, 0, 0, 0)).containsExactly(new float[] {(float) Math.cos(2), 0,
                (float) Math.sin(2), 0}, NEARLY);
        assertThat(turned(rotary, 2, 0, 0, 1, 0)).containsExactly(new float[] {(float) -Math.sin(2), 0,
                (float) Math.cos(2), 0}, NEARLY);
        assertThat(turned(rotary, 3, 0, 1, 0, 0)).containsExactly(new float[] {0, (float) Math.cos(0.3), 0,
                (float) Math.sin(0.3)}, NEARLY);
    }

    @Test
    void leavesTheFirstPositionAsItIs() {
        assertThat(turned(new RotaryEmbedding(4, 10_000, NONE), 0, 1, 2, 3, 4)).containsExactly(1, 2, 3, 4);
    }

    @Test
    void turnsByTheThetaOfTheModel() {
        // Size 8, theta 500,000: the last of four frequencies is 500,000^(-6/8).
        float[] x = turned(new RotaryEmbedding(8, 500_000, NONE), 1000, 0, 0, 0, 1, 0, 0, 0, 0);
        double angle = 1000 * Math.pow(500_000, -0.75);
        assertThat(x[3]).isCloseTo((float) Math.cos(angle), NEARLY);
        assertThat(x[7]).isCloseTo((float) Math.sin(angle), NEARLY);
    }

    @Test
    void turnsEveryHeadAndNothingElse() {
        RotaryEmbedding rotary = new RotaryEmbedding(2, 10_000, NONE);
        rotary.prepare(2);
        float[] x = {9, 1, 0, 1, 0, 9};
        rotary.apply(x, 1, 2, 1);
        float cosine = (float) Math.cos(1);
        float sine = (float) Math.sin(1);
        assertThat(x).containsExactly(new float[] {9, cosine, sine, cosine, sine, 9}, NEARLY);
    }

    @Test
    void preparesFartherPositionsWithoutChangingNearerOnes() {
        RotaryEmbedding rotary = new RotaryEmbedding(4, 10_000, NONE);
        float[] early = turned(rotary, 5, 1, 2, 3, 4);
        turned(rotary, 700, 1, 2, 3, 4);
        assertThat(turned(rotary, 5, 1, 2, 3, 4)).containsExactly(early);
    }

    @Test
    void linearScalingDividesPositions() {
        RotaryEmbedding stretched = new RotaryEmbedding(4, 100, new RopeScaling.Linear(4));
        assertThat(turned(stretched, 8, 1, 0, 0, 0)).containsExactly(new float[] {(float) Math.cos(2), 0,
                (float) Math.sin(2), 0}, NEARLY);
        assertThat(turned(stretched, 8, 0, 1, 0, 0)).containsExactly(new float[] {0, (float) Math.cos(0.2), 0,
                (float) Math.sin(0.2)}, NEARLY);
    }

    /// Llama 3.1: factor 8, low 1, high 4, original context 8192. Wavelengths are 2π / frequency: above 8192 they are
    /// stretched eightfold, below 2048 they stay, between them the passage is linear in 8192 / wavelength.
    @Test
    void llama3ScalingStretchesLongWavelengthsOnly() {
        RopeScaling scaling = new RopeScaling.Llama3(8, 1, 4, 8192);
        assertThat(scaling.frequencyFactor(0, frequency(8193))).isEqualTo(1 / 8.0);
        assertThat(scaling.frequencyFactor(0, frequency(1e6))).isEqualTo(1 / 8.0);
        assertThat(scaling.frequencyFactor(0, frequency(2047))).isEqualTo(1);
        assertThat(scaling.frequencyFactor(0, 1)).isEqualTo(1);
        // 8192 / 4096 = 2: a third of the way from 1 to 4, so 2/3 · 1/8 + 1/3.
        assertThat(scaling.frequencyFactor(0, frequency(4096))).isCloseTo(2 / 24.0 + 1 / 3.0, within(1e-12));
        // 8192 / 2730.67 = 3: two thirds of the way.
        assertThat(scaling.frequencyFactor(0, frequency(8192 / 3.0))).isCloseTo(1 / 24.0 + 2 / 3.0, within(1e-12));
    }

    private static double frequency(double wavelength) {
        return 2 * Math.PI / wavelength;
    }
}
