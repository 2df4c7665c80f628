package org.ternlm.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class RangeTest {
    private static Range of(boolean logarithmic, double... values) {
        return Range.of(DoubleStream.of(values), logarithmic, 0.1);
    }

    @Test
    void leavesSomeRoomOnEitherSide() {
        assertThat(of(false, 5, 15, 10)).isEqualTo(new Range(4, 16, false));
        Range decades = of(true, 1, 100);
        assertThat(Math.log10(decades.low())).isCloseTo(-0.2, within(1e-12));
        assertThat(Math.log10(decades.high())).isCloseTo(2.2, within(1e-12));
        assertThat(decades.place(10)).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void isNeverEmpty() {
        assertThat(of(false, 0)).isEqualTo(new Range(-1, 1, false));
        assertThat(of(false, -20, -20)).isEqualTo(new Range(-22, -18, false));
        assertThat(of(false, 1, Math.nextUp(1.0)).span()).isCloseTo(0.2, within(1e-9));
        assertThat(of(true, 8).span()).isGreaterThan(1);
    }

    @Test
    void isLinearWhereALogarithmicAxisWouldHaveNoTicks() {
        assertThat(of(true, 3, 5).isLogarithmic()).isFalse();
        assertThat(of(true, 3, 9).isLogarithmic()).isTrue();
    }
}
