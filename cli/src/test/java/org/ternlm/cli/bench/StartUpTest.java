package org.ternlm.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class StartUpTest {
    private static final Offset<Double> A_TOKEN = Offset.offset(0.1);

    /// Ends of tokens that take 20 ms each before `slowUntil` and 5 ms after it.
    private static double[] ends(double slowUntil, int tokens) {
        double[] ends = new double[tokens];
        double now = 0;
        for (int i = 0; i < tokens; i++) {
            now += now < slowUntil ? 0.02 : 0.005;
            ends[i] = now;
        }
        return ends;
    }

    @Test
    void fullSpeedIsReachedAfterTheLastSlowTokens() {
        assertThat(StartUp.fullSpeed(ends(0.5, 400))).isCloseTo(0.5, A_TOKEN);
        assertThat(StartUp.fullSpeed(ends(0, 400))).isZero();
    }

    @Test
    void oneSlowTokenLaterIsNotTheStart() {
        double[] ends = ends(0.5, 400);
        for (int i = 300; i < ends.length; i++) {
            ends[i] += 0.1;
        }
        assertThat(StartUp.fullSpeed(ends)).isCloseTo(0.5, A_TOKEN);
    }

    @Test
    void whatSlowsTokensDownLaterDoesNotCount() {
        double[] ends = ends(0.5, 400);
        for (int i = 350; i < ends.length; i++) {
            ends[i] += 0.02 * Math.min(20, i - 349);
        }
        assertThat(StartUp.fullSpeed(ends)).isCloseTo(0.5, A_TOKEN);
    }

    @Test
    void fewFastTokensAreNotFullSpeed() {
        double[] ends = ends(0.5, 400);
        for (int i = 10; i < ends.length; i++) {
            // Three of them take no time.
            ends[i] -= 0.02 * Math.min(3, i - 9);
        }
        assertThat(StartUp.fullSpeed(ends)).isGreaterThan(0.3);
    }
}
