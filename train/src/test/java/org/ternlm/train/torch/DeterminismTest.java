package org.ternlm.train.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ternlm.model.LinearKind;

/// The same seed gives the same run, to the bit.
class DeterminismTest {

    static Stream<Arguments> runs() {
        return Stream.of(LinearKind.DENSE, LinearKind.MASTER_TERNARY, LinearKind.MASTER_SIGN).flatMap(kind -> Stream
                .of(Precision.values()).flatMap(precision -> Stream.of(1, 2).map(threads -> Arguments.of(kind,
                        precision, threads))));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void theSameSeedGivesTheSameLosses(LinearKind kind, Precision precision, int threads) {
        double[] losses = losses(kind, precision, 51, threads);
        assertThat(losses(kind, precision, 51, threads)).isEqualTo(losses);
        assertThat(losses(kind, precision, 52, threads)).isNotEqualTo(losses);
    }

    private static double[] losses(LinearKind kind, Precision precision, long seed, int threads) {
        try (Trainer trainer = new Trainer(Variant.of(kind).small(), precision, seed, threads)) {
            double[] losses = new double[5];
            for (int i = 0; i < losses.length; i++) {
                losses[i] = trainer.step();
            }
            return losses;
        }
    }
}
