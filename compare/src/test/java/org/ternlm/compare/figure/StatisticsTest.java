package org.ternlm.compare.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Against numbers computed by hand.
class StatisticsTest {
    private static final double Z = 1.959963984540054;

    @Test
    void theLossOfDocumentsIsARatioOfSums() {
        // 10 nats of 4 tokens, 20 of 8, 33 of 12: 63 / 24 = 2.625; residuals -0.5, -1, 1.5.
        DocumentLoss loss = DocumentLoss.of(new double[] {10, 20, 33}, new double[] {4, 8, 12});
        double error = Math.sqrt(1.5 * (0.25 + 1 + 2.25)) / 24;
        assertThat(loss.mean().value()).isEqualTo(2.625);
        assertThat(loss.mean().low()).isCloseTo(2.625 - Z * error, within(1e-12));
        assertThat(loss.mean().high()).isCloseTo(2.625 + Z * error, within(1e-12));
        assertThat(error).isCloseTo(0.0954703, within(1e-6));
        assertThat(loss.meanBits().value()).isCloseTo(3.78707, within(1e-5));
    }

    @Test
    void documentsOfEqualLengthHaveTheErrorOfAMean() {
        // Means 1, 2, 3, 4 nats a token: deviation √(5/3), error √(5/3)/2 = 0.6454972.
        DocumentLoss loss = DocumentLoss.of(new double[] {10, 20, 30, 40}, new double[] {10, 10, 10, 10});
        assertThat(loss.mean().value()).isEqualTo(2.5);
        assertThat(loss.mean().high() - 2.5).isCloseTo(Z * 0.6454972243679028, within(1e-12));
    }

    @Test
    void aPairedDifferenceForgetsWhatIsHardForBoth() {
        DocumentLoss first = DocumentLoss.of(new double[] {11, 101, 31}, new double[] {10, 10, 10});
        DocumentLoss second = DocumentLoss.of(new double[] {10, 100, 30}, new double[] {10, 10, 10});
        Interval difference = first.minus(second);
        assertThat(difference.value()).isCloseTo(0.1, within(1e-12));
        assertThat(difference.low()).isCloseTo(0.1, within(1e-9));
        assertThat(difference.excludesZero()).isTrue();
        // Not paired, the losses would be too uncertain to tell apart.
        assertThat(first.mean().low()).isLessThan(second.mean().value());
        // Differences 2, -1, 2 nats of 10 tokens: mean 0.1, deviation √3, error √3 / √3 / 10 = 0.1.
        Interval unsure = DocumentLoss.of(new double[] {12, 99, 32}, new double[] {10, 10, 10}).minus(second);
        assertThat(unsure.value()).isCloseTo(0.1, within(1e-12));
        assertThat(unsure.high()).isCloseTo(0.1 + Z * 0.1, within(1e-12));
        assertThat(unsure.excludesZero()).isFalse();
    }

    @Test
    void otherDocumentsAreRefused() {
        DocumentLoss first = DocumentLoss.of(new double[] {1, 2}, new double[] {1, 1});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> first.minus(DocumentLoss.of(new double[] {1, 2}, new double[] {1,
                        2})));
        assertThatIllegalArgumentException().isThrownBy(() -> DocumentLoss.of(new double[] {1}, new double[] {1}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DocumentLoss.of(new double[] {1, 1}, new double[] {0, 0}));
    }

    @Test
    void aLineHasTheIntervalOfItsSlope() {
        // x 0..3, y 1, 3, 4, 8: slope 11 / 5 = 2.2, intercept 0.7; beside it 0.3, 0.1, -1.1, 0.7: squares 1.8, error
        // √(0.9 / 5); t of 2 degrees is 4.303.
        LineFit fit = LineFit.through(new double[] {0, 1, 2, 3}, new double[] {1, 3, 4, 8});
        assertThat(fit.slope().value()).isCloseTo(2.2, within(1e-12));
        assertThat(fit.intercept()).isCloseTo(0.7, within(1e-12));
        assertThat(fit.slope().high() - 2.2).isCloseTo(4.303 * Math.sqrt(0.18), within(1e-9));
        LineFit two = LineFit.through(new double[] {1, 3}, new double[] {5, 1});
        assertThat(two.slope().value()).isEqualTo(-2);
        assertThat(two.slope().isKnown()).isFalse();
        assertThat(two.slope().excludesZero()).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LineFit.through(new double[] {1, 1}, new double[] {1, 2}));
    }

    @Test
    void seedsHaveTheIntervalOfStudent() {
        // 1, 2, 6: mean 3, deviation √7; t of 2 degrees 4.303.
        Spread spread = Spread.of(1, 2, 6);
        assertThat(spread.deviation()).isCloseTo(Math.sqrt(7), within(1e-12));
        assertThat(spread.mean().low()).isCloseTo(3 - 4.303 * Math.sqrt(7.0 / 3), within(1e-12));
        assertThat(Spread.of(4).mean().isKnown()).isFalse();
        assertThat(Spread.of(4).deviation()).isNaN();
        // Tables have 2.048 for 28 degrees of freedom.
        assertThat(StudentT.quantile(28)).isCloseTo(2.048, within(0.0006));
    }

    @Test
    void theFrontierHoldsWhatNothingBeats() {
        record One(String name, double cost, double loss) {}
        List<One> all = List.of(new One("dear", 9, 1), new One("cheap", 1, 5), new One("beaten", 4, 3),
                new One("middle", 3, 2),
                new One("same cost", 3, 4));
        assertThat(Frontier.of(all, One::cost, One::loss)).extracting(One::name).containsExactly("cheap", "middle",
                "dear");
    }

    @Test
    void intervalsReadAsPeopleWriteThem() {
        assertThat(new Interval(1.23456, 1, 1.5).text(2)).isEqualTo("1.23 [1.00, 1.50]");
        assertThat(new Interval(-0.5, -1, 0.25).signedText(2)).isEqualTo("-0.50 [-1.00, +0.25]");
        assertThat(Interval.unknown(2).signedText(1)).isEqualTo("+2.0");
        assertThat(new Interval(1, 0.5, 2).times(-2)).isEqualTo(new Interval(-2, -4, -1));
    }
}
