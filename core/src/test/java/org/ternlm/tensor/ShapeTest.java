package org.ternlm.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void multipliesItsDimensions() {
        assertThat(new Shape(3, 5, 7).elements()).isEqualTo(105);
        assertThat(new Shape().elements()).isEqualTo(1);
        assertThat(new Shape(0, 9).elements()).isZero();
        assertThat(new Shape(1L << 31, 1L << 31).elements()).isEqualTo(1L << 62);
        assertThat(new Shape(2, 3)).hasToString("[2, 3]").isEqualTo(new Shape(2, 3)).isNotEqualTo(new Shape(3, 2))
                .hasSameHashCodeAs(new Shape(2, 3));
    }

    @Test
    void refusesWhatIsNoSize() {
        assertThatThrownBy(() -> new Shape(4, -1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("negative dimension in [4, -1]");
        assertThatThrownBy(() -> new Shape(1L << 32, 1L << 31)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> new Shape(Long.MAX_VALUE, 2)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void isNotChangedThroughItsArrays() {
        long[] dimensions = {2, 3};
        Shape shape = new Shape(dimensions);
        dimensions[0] = 9;
        shape.dimensions()[1] = 9;
        assertThat(shape).isEqualTo(new Shape(2, 3));
    }
}
