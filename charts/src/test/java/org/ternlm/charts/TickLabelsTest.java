package org.ternlm.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class TickLabelsTest {
    /// Labels after a first round over the same ticks, as the layout goes.
    private static List<String> labels(double low, double high, double... ticks) {
        TickLabels labels = new TickLabels(new Range(low, high, false), 1);
        Arrays.stream(ticks).forEach(labels::apply);
        labels.settle();
        return Arrays.stream(ticks).mapToObj(labels::apply).toList();
    }

    @Test
    void allHaveTheSameDecimalsAndUnit() {
        assertThat(labels(1.4, 3.1, 1.5, 2, 2.5, 3)).containsExactly("1.5", "2.0", "2.5", "3.0");
        assertThat(labels(-1, 21_000, 0, 5000, 10_000, 20_000)).containsExactly("0", "5k", "10k", "20k");
        assertThat(labels(0, 1.2e6, 0, 5e5, 1e6)).containsExactly("0", "0.5M", "1.0M");
        assertThat(labels(0, 2e9, 1e9, 2e9)).containsExactly("1B", "2B");
        assertThat(labels(0, 1e-3, 0, 5e-4, 1e-3)).containsExactly("0.0000", "0.0005", "0.0010");
        assertThat(labels(0, 3e-6, 0, 1.5e-6, 3e-6)).containsExactly("0", "1.5e-6", "3.0e-6");
        assertThat(labels(-3, 3, -2, 0, 2)).containsExactly("-2", "0", "2");
        assertThat(labels(0, 2e15, 1e15, 2e15)).containsExactly("1e15", "2e15");
    }

    @Test
    void roundOffWhatFloatingPointAdds() {
        assertThat(labels(0, 1, 0.1 + 0.2, 0.6000000000000001)).containsExactly("0.3", "0.6");
    }

    @Test
    void forgetTicksThatWereOnlyTriedOut() {
        TickLabels labels = new TickLabels(new Range(0, 10, false), 1);
        DoubleStream.of(0.25, 0.5, 0.75, 0, 5, 10).forEach(labels::apply);
        labels.settle();
        assertThat(labels.apply(5.0)).isEqualTo("5");
    }

    @Test
    void neverDropADecimalThatATickHas() {
        TickLabels labels = new TickLabels(new Range(0, 10, false), 1);
        labels.apply(5.0);
        labels.settle();
        assertThat(labels.apply(2.5)).isEqualTo("2.5");
    }

    @Test
    void areTheAxisNumbersNotThoseOfTheLayout() {
        assertThat(new TickLabels(new Range(0, 8e-3, false), 1e-3).apply(4.0)).isEqualTo("0.004");
    }

    @Test
    void ofALogarithmicAxisAreAsManyAsFit() {
        TickLabels wide = new TickLabels(new Range(1, 1e5, true), 1);
        assertThat(List.of(wide.apply(1.0), wide.apply(2.0), wide.apply(1000.0), wide.apply(1e5)))
                .containsExactly("1", "", "1000", "100k");
        TickLabels middle = new TickLabels(new Range(0.01, 1, true), 1);
        assertThat(List.of(middle.apply(0.01), middle.apply(0.02), middle.apply(0.03), middle.apply(0.5)))
                .containsExactly("0.01", "0.02", "", "0.5");
        TickLabels narrow = new TickLabels(new Range(1, 9, true), 1);
        assertThat(narrow.apply(7.0)).isEqualTo("7");
        TickLabels huge = new TickLabels(new Range(1e-15, 1e15, true), 1);
        assertThat(List.of(huge.apply(1e-12), huge.apply(1e-11))).containsExactly("1e-12", "");
    }
}
