package org.ternlm.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SmoothingTest {
    @Test
    void isTheMeanOfTheNeighbours() {
        double[] values = new Random(3).doubles(300).toArray();
        double[] smooth = Smoothing.smooth(values);
        assertThat(Smoothing.window(300)).isEqualTo(7);
        assertThat(smooth[0]).isEqualTo(values[0]);
        assertThat(smooth[1]).isCloseTo(mean(values, 0, 2), within(1e-12));
        assertThat(smooth[150]).isCloseTo(mean(values, 147, 153), within(1e-12));
        assertThat(smooth[298]).isCloseTo(mean(values, 295, 299), within(1e-12));
        assertThat(smooth[299]).isCloseTo(mean(values, 296, 299), within(1e-12));
    }

    private static double mean(double[] values, int first, int last) {
        return DoubleStream.of(Arrays.copyOfRange(values, first, last + 1)).average().orElseThrow();
    }

    @Test
    void leavesAFewValuesAsTheyAre() {
        double[] values = {5, 1, 4};
        assertThat(Smoothing.smooth(values)).containsExactly(values);
        assertThat(Smoothing.window(99)).isEqualTo(1);
    }

    @Test
    void doesNotLag() {
        double[] line = IntStream.range(0, 1000).mapToDouble(i -> 2 * i).toArray();
        double[] smooth = Smoothing.smooth(line);
        for (int i = 0; i < 990; i++) {
            assertThat(smooth[i]).isCloseTo(line[i], within(1e-9));
        }
    }
}
