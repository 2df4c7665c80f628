package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AbsMaxTest {

    @Test
    void scalesTheLargestTo127() {
        assertQuantized(new float[] {2, -4, 1, 0}, 127f / 4, 64, -127, 32, 0); // 63.5 -> 64, 31.75 -> 32
    }

    @Test
    void roundsHalfToEven() {
        assertQuantized(new float[] {127, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f, 126.5f}, 1, 127, 0, 2, 2, 0, -2, -2,
                126);
    }

    @Test
    void makesZerosOfZeros() {
        assertQuantized(new float[] {0, -0f}, 127 / 1e-5f, 0, 0);
    }

    @Test
    void clampsTinyMaxima() {
        // 127 · 1e-6 / 1e-5 = 12.7 and 127 · -4e-7 / 1e-5 = -5.08
        assertQuantized(new float[] {1e-6f, -4e-7f, Float.MIN_VALUE}, 127 / 1e-5f, 13, -5, 0);
    }

    @Test
    void letsOneHugeValueSilenceTheOthers() {
        assertQuantized(new float[] {1, -Float.MAX_VALUE, 1e30f}, 127 / Float.MAX_VALUE, 0, -127, 0);
    }

    @Test
    void neverReachesMinus128() {
        // The largest value of a token always becomes ±127, whatever its bits are.
        Random random = new Random(3);
        byte[] q = new byte[2];
        for (int i = 0; i < 1_000_000; i++) {
            float x = Math.abs(Float.intBitsToFloat(random.nextInt()));
            if (x >= 1e-5f && x <= Float.MAX_VALUE) {
                AbsMax.quantize(new float[] {-x, x}, 0, 2, q, 0);
                if (q[0] != -127 || q[1] != 127) {
                    throw new AssertionError("%s became %d, %d".formatted(x, q[0], q[1]));
                }
            }
        }
    }

    @Test
    void keepsToItsRanges() {
        byte[] q = {9, 9, 9, 9, 9};
        assertThat(AbsMax.quantize(new float[] {100, 1, -2, 100}, 1, 2, q, 2)).isEqualTo(63.5f);
        assertThat(q).containsExactly(9, 9, 64, -127, 9);
        assertThat(AbsMax.quantize(new float[0], 0, 0, q, 5)).isEqualTo(127 / 1e-5f);
        assertThatThrownBy(() -> AbsMax.quantize(new float[3], 2, 2, q, 0)).isInstanceOf(
                IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> AbsMax.quantize(new float[3], 0, 3, q, 3)).isInstanceOf(
                IndexOutOfBoundsException.class);
        assertThat(q).containsExactly(9, 9, 64, -127, 9);
    }

    @Test
    void makesNothingOfWhatIsNotFinite() {
        assertQuantized(new float[] {1, Float.NaN, -3}, Float.NaN, 0, 0, 0);
        assertQuantized(new float[] {1, Float.NEGATIVE_INFINITY, -3}, 0, 0, 0, 0);
        assertQuantized(new float[] {Float.NaN, Float.POSITIVE_INFINITY}, Float.NaN, 0, 0);
    }

    private static void assertQuantized(float[] x, float multiplier, int... expected) {
        byte[] q = new byte[x.length];
        assertThat(AbsMax.quantize(x, 0, x.length, q, 0)).isEqualTo(Float.valueOf(multiplier));
        assertThat(q).containsExactly(expected);
    }
}
