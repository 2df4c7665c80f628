package org.ternlm.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ternlm.kernel.scalar.ScalarFloatKernel;

/// The equations of a transformer, worked out by hand: what the comparison of two kernels cannot notice when both are
/// wrong alike. 21 elements, so that vectors of every width have a remainder.
@Tag("kernel")
class FloatEquationsTest {
    private static final int LENGTH = 21;
    private static final Offset<Float> NEARLY = within(2e-6f);

    static Stream<FloatKernel> kernels() {
        return Stream.of(new ScalarFloatKernel(), VectorWidth.kernels().floats());
    }

    private static float[] constant(float value) {
        float[] values = new float[LENGTH];
        Arrays.fill(values, value);
        return values;
    }

    /// Every result must be `expected`.
    private static void check(float[] found, double expected) {
        assertThat(found).containsExactly(constant((float) expected), NEARLY);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void siluIsTheInputTimesItsSigmoid(FloatKernel kernel) {
        float[] gate = constant(2);
        kernel.siluGate(gate, constant(3), 0, LENGTH);
        check(gate, 3 * 2 / (1 + Math.exp(-2)));
        gate = constant(-1);
        kernel.siluGate(gate, constant(3), 0, LENGTH);
        check(gate, -3 / (1 + Math.E));
    }

    /// silu(-x) = -x / (1 + e^x): what is left of it is the exponential.
    @ParameterizedTest
    @MethodSource("kernels")
    void siluIsExactOverAllOfItsRange(FloatKernel kernel) {
        float[] gate = new float[LENGTH];
        float[] ones = constant(1);
        for (int start = -120; start < 100; start++) {
            for (int i = 0; i < LENGTH; i++) {
                gate[i] = start + i / (float) LENGTH;
            }
            float[] x = gate.clone();
            kernel.siluGate(gate, ones, 0, LENGTH);
            for (int i = 0; i < LENGTH; i++) {
                double expected = x[i] / (1 + Math.exp(-x[i]));
                assertThat((double) gate[i]).as("silu of %s", x[i]).isCloseTo(expected,
                        within(4e-7 * Math.abs(expected) + 1e-35));
            }
        }
        gate = constant(Float.NaN);
        kernel.siluGate(gate, ones, 0, LENGTH);
        assertThat(gate).containsOnly(Float.NaN);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void reluSquaredSquaresWhatIsPositive(FloatKernel kernel) {
        float[] gate = constant(3);
        kernel.reluSquaredGate(gate, constant(-2), 0, LENGTH);
        check(gate, -18);
        gate = constant(-3);
        kernel.reluSquaredGate(gate, constant(-2), 0, LENGTH);
        check(gate, 0);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void rmsNormAddsEpsilonToTheMeanSquare(FloatKernel kernel) {
        float[] out = new float[LENGTH];
        kernel.rmsNorm(constant(2), 0, constant(5), 0, out, 0, LENGTH);
        check(out, 5);
        // The mean square is 12: 4 · 2 / √16.
        kernel.rmsNorm(constant(2), 0, constant(4), 12, out, 0, LENGTH);
        check(out, 2);
        // Inputs so small that the epsilon decides: the mean square is 1e-6, √(1e-6 + 3e-6) = 2e-3.
        kernel.rmsNorm(constant(1e-3f), 0, constant(1), 3e-6f, out, 0, LENGTH);
        check(out, 0.5);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void softmaxDividesExponentialsByTheirSum(FloatKernel kernel) {
        float[] x = constant(100);
        kernel.softmax(x, 0, LENGTH);
        check(x, 1.0 / LENGTH);
        x = constant(-200);
        x[17] = (float) (-200 + Math.log(29));
        kernel.softmax(x, 0, LENGTH);
        assertThat(x[17]).isCloseTo(29 / 49f, NEARLY);
        assertThat(x[3]).isCloseTo(1 / 49f, NEARLY);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void activationsAreRoundedHalfToEven(FloatKernel kernel) {
        float[] x = constant(0);
        x[0] = 127;
        for (int i = 1; i < LENGTH; i++) {
            x[i] = i - 10 + 0.5f;
        }
        byte[] q = new byte[LENGTH];
        assertThat(kernel.quantize(x, 0, LENGTH, q, 0)).isEqualTo(1);
        assertThat(q).containsExactly(127, -8, -8, -6, -6, -4, -4, -2, -2, 0, 0, 2, 2, 4, 4, 6, 6, 8, 8, 10, 10);
    }
}
