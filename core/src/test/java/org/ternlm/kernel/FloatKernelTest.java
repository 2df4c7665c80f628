package org.ternlm.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ternlm.kernel.scalar.ScalarFloatKernel;
import org.ternlm.tensor.BFloat16;

/// The vector form against the scalar one: the same bits, and nothing written outside the range.
@Tag("kernel")
class FloatKernelTest {
    private static final int[] LENGTHS = {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100, 255, 1000};
    private static final int BEFORE = 3;
    private static final int AFTER = 5;

    private final FloatKernel scalar = new ScalarFloatKernel();
    private final FloatKernel vector = VectorWidth.kernels().floats();
    private final Random random = new Random(4);

    private interface Operation {
        void run(FloatKernel kernel, float[] a, float[] b, int length);
    }

    private float[] values(int length, double scale) {
        float[] values = new float[BEFORE + length + AFTER];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        return values;
    }

    private void check(double scale, Operation operation) {
        for (int length : LENGTHS) {
            float[] a = values(length, scale);
            float[] b = values(length, 1);
            float[] expected = a.clone();
            operation.run(scalar, expected, b, length);
            float[] found = a.clone();
            operation.run(vector, found, b, length);
            for (int i = 0; i < a.length; i++) {
                boolean inside = i >= BEFORE && i < BEFORE + length;
                assertThat(found[i]).as("element %d of %d", i - BEFORE, length)
                        .isEqualTo(Float.valueOf(inside ? expected[i] : a[i]));
            }
        }
    }

    @Test
    void rmsNormInPlaceAndAside() {
        check(3, (kernel, a, b, length) -> kernel.rmsNorm(a, BEFORE, b, 1e-5f, a, BEFORE, length));
        check(3, (kernel, a, b, length) -> kernel.rmsNorm(b, BEFORE, a.clone(), 1e-5f, a, BEFORE, length));
    }

    @Test
    void rmsNormOfZerosIsZero() {
        check(0, (kernel, a, b, length) -> kernel.rmsNorm(a, BEFORE, b, 1e-12f, a, BEFORE, length));
    }

    @Test
    void siluGate() {
        check(1, (kernel, a, b, length) -> kernel.siluGate(a, b, BEFORE, length));
        check(50, (kernel, a, b, length) -> kernel.siluGate(a, b, BEFORE, length));
    }

    @Test
    void bfloat16ThereAndBack() {
        for (float[] special : new float[][] {{}, {Float.NaN, -Float.NaN, Float.intBitsToFloat(0x7FFFFFFF),
                Float.intBitsToFloat(0xFF800001), Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE,
                -0f,
                Float.MIN_VALUE, Float.intBitsToFloat(0x3F808000), Float.intBitsToFloat(0x3F818000)}}) {
            check(1, (kernel, a, b, length) -> {
                for (int i = 0; i < special.length; i++) {
                    b[BEFORE + i % length] = special[i];
                }
                short[] bits = new short[length + 4];
                kernel.toBFloat16(b, BEFORE, bits, 2, length);
                assertThat(bits[1] | bits[length + 2]).isZero();
                for (int i = 0; i < length; i++) {
                    assertThat(bits[2 + i]).isEqualTo(BFloat16.fromFloat(b[BEFORE + i]));
                }
                kernel.fromBFloat16(bits, 2, a, BEFORE, length);
            });
        }
    }

    @Test
    void reluSquaredGate() {
        check(3, (kernel, a, b, length) -> kernel.reluSquaredGate(a, b, BEFORE, length));
    }

    @Test
    void softmax() {
        check(1, (kernel, a, b, length) -> kernel.softmax(a, BEFORE, length));
        check(200, (kernel, a, b, length) -> kernel.softmax(a, BEFORE, length));
    }

    @Test
    void dots() {
        for (int length : LENGTHS) {
            int stride = length + 2;
            float[] query = values(length, 1);
            float[] rows = values(9 * stride, 1);
            float[] expected = new float[11];
            scalar.dots(query, BEFORE, rows, 1, stride, 9, length, 0.3f, expected);
            float[] found = new float[11];
            vector.dots(query, BEFORE, rows, 1, stride, 9, length, 0.3f, found);
            assertThat(found).isEqualTo(expected);
            assertThat(found[9]).isZero();
        }
    }

    @Test
    void quantizeGivesTheSameIntegers() {
        for (int length : LENGTHS) {
            for (double scale : new double[] {1e-9, 1e-5, 1e-3, 1, 1e6, 1e30}) {
                float[] a = values(length, scale);
                checkQuantized(a, length);
                // Every tie: multiples of half a step.
                for (int i = 0; i < length; i++) {
                    a[BEFORE + i] = i == 0 ? 127 : (i % 255 - 127) + 0.5f;
                }
                checkQuantized(a, length);
            }
        }
    }

    @Test
    void quantizeOfNumbersThatAreNoneIsTheSameToo() {
        for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (int at : new int[] {0, 17, 39}) {
                float[] a = values(40, 1);
                a[BEFORE + at] = odd;
                checkQuantized(a, 40);
            }
        }
    }

    private void checkQuantized(float[] a, int length) {
        byte[] expected = new byte[a.length];
        byte[] found = new byte[a.length];
        float multiplier = scalar.quantize(a, BEFORE, length, expected, BEFORE);
        assertThat(Float.compare(vector.quantize(a, BEFORE, length, found, BEFORE), multiplier)).isZero();
        assertThat(found).isEqualTo(expected);
    }
}
