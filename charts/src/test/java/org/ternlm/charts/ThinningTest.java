package org.ternlm.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThinningTest {
    private static Curve noise(int size) {
        Random random = new Random(7);
        double[] x = IntStream.range(0, size).mapToDouble(i -> i + 1).toArray();
        return Curve.line("noise", x, DoubleStream.generate(random::nextGaussian).limit(size).toArray());
    }

    private static Range range(Curve curve, boolean logarithmic) {
        return Range.of(IntStream.range(0, curve.size()).mapToDouble(curve::x), logarithmic, 0.01);
    }

    @Test
    void keepsItsEndsAndEveryPeakThatCouldBeSeen() {
        Curve curve = noise(200_000);
        Range range = range(curve, false);
        Curve thin = Thinning.of(curve, range);
        assertThat(thin.size()).isBetween(1000, 4 * 641);
        assertThat(thin.x(0)).isEqualTo(1);
        assertThat(thin.x(thin.size() - 1)).isEqualTo(200_000);
        for (int column = 0; column <= 640; column++) {
            assertThat(extremes(thin, range, column)).as("column %d", column).isEqualTo(extremes(curve, range, column));
        }
    }

    private static String extremes(Curve curve, Range range, int column) {
        return IntStream.range(0, curve.size()).filter(i -> (int) (640 * range.place(curve.x(i))) == column)
                .mapToDouble(curve::y).summaryStatistics().toString().replaceAll("count.*?min", "min")
                .replaceAll("average=[^,]*", "");
    }

    @Test
    void keepsTheFewPointsAtTheStartOfALogarithmicAxis() {
        Curve curve = noise(100_000);
        Curve thin = Thinning.of(curve, range(curve, true));
        for (int i = 0; i < 30; i++) {
            assertThat(thin.x(i)).isEqualTo(i + 1);
            assertThat(thin.y(i)).isEqualTo(curve.y(i));
        }
        assertThat(thin.size()).isLessThan(4 * 641);
    }

    @Test
    void leavesShortCurvesAlone() {
        Curve curve = noise(1280);
        assertThat(Thinning.of(curve, range(curve, false))).isSameAs(curve);
    }

    @Test
    void aThousandPointsAtOnePlaceAreFour() {
        double[] x = new double[5000];
        double[] y = IntStream.range(0, 5000).mapToDouble(i -> Math.sin(i)).toArray();
        Curve thin = Thinning.of(Curve.line("still", x, y), new Range(-1, 1, false));
        assertThat(thin.size()).isEqualTo(4);
    }
}
