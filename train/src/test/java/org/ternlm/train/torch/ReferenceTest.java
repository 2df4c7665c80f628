package org.ternlm.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ternlm.model.LinearKind;
import org.ternlm.model.ModelConfig;

/// The derivatives that the reference writes out by hand are the slopes of its own forward pass, by central differences.
class ReferenceTest {
    private static final double STEP = 1e-6;
    private static final double TOLERANCE = 1e-7;
    private static final ModelConfig CONFIG = Variant.of(LinearKind.DENSE).tiny();
    private static final int LENGTH = 5;

    /// One operation: from a tape and operands to a result.
    interface Operation extends BiFunction<Tape, List<Matrix>, Matrix> {}

    static Stream<Arguments> operations() {
        return Stream.of(
                operation("add", (tape, m) -> tape.add(m.get(0), m.get(1)), 3, 4, 3, 4),
                operation("multiply", (tape, m) -> tape.multiply(m.get(0), m.get(1)), 3, 4, 3, 4),
                operation("multiply by itself", (tape, m) -> tape.multiply(m.get(0), m.get(0)), 3, 4),
                operation("silu", (tape, m) -> tape.silu(m.get(0)), 5, 7),
                operation("relu squared", (tape, m) -> tape.reluSquared(m.get(0)), 5, 7),
                operation("embedding", (tape, m) -> tape.embedding(m.get(0), new int[] {3, 0, 3, 1}), 5, 6),
                operation("linear", (tape, m) -> tape.linear(m.get(0), m.get(1)), 4, 6, 5, 6),
                operation("norm", (tape, m) -> tape.norm(m.get(0), m.get(1), 1e-2), 4, 6, 1, 6),
                operation("b1.58 unrounded", bitLinear(LinearKind.MASTER_TERNARY), 4, 6, 5, 6),
                operation("sign unrounded", bitLinear(LinearKind.MASTER_SIGN), 4, 6, 5, 6),
                operation("rotary", (tape, m) -> attention(tape).rotate(m.get(0)), 10, 24),
                operation("attention", (tape, m) -> attention(tape).attend(m.get(0), m.get(1), m.get(2)), 10, 24, 10, 8,
                        10, 8),
                operation("cross-entropy", ReferenceTest::crossEntropy, 4, 6));
    }

    private static Operation bitLinear(LinearKind kind) {
        // The scales count as constants; the test moves weights and activations, but y = x·Wᵀ whatever the scales are.
        return (tape, m) -> new ReferenceBitLinear(tape, false).apply(kind, m.get(0), m.get(1));
    }

    private static ReferenceAttention attention(Tape tape) {
        return new ReferenceAttention(CONFIG, LENGTH, tape);
    }

    private static Matrix crossEntropy(Tape tape, List<Matrix> operands) {
        Matrix logits = operands.get(0);
        int[] targets = {5, 0, 2, 2};
        Matrix loss = new Matrix(1, 1);
        Matrix slopes = new Matrix(logits.rows(), logits.columns());
        System.arraycopy(logits.values(), 0, slopes.values(), 0, logits.values().length);
        loss.values()[0] = tape.crossEntropy(slopes, targets);
        tape.onBackward(() -> Arrays.setAll(logits.gradient(), i -> slopes.gradient()[i] * loss.gradient()[0]));
        return loss;
    }

    private static Arguments operation(String name, Operation operation, int... shapes) {
        SplittableRandom random = new SplittableRandom(name.hashCode());
        Matrix[] operands = new Matrix[shapes.length / 2];
        Arrays.setAll(operands, i -> Matrix.random(shapes[2 * i], shapes[2 * i + 1], 0.1, 0.7, random));
        return Arguments.argumentSet(name, operation, List.of(operands));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyOperationHasTheSlopeOfItsForwardPass(Operation operation, List<Matrix> operands) {
        Tape tape = new Tape();
        Matrix result = operation.apply(tape, operands);
        Matrix upstream = Matrix.random(result.rows(), result.columns(), 0, 1, new SplittableRandom(1));
        System.arraycopy(upstream.values(), 0, result.gradient(), 0, result.gradient().length);
        tape.backward();
        DoubleSupplier loss = () -> {
            double[] values = operation.apply(new Tape(), operands).values();
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[i] * upstream.values()[i];
            }
            return sum;
        };
        for (Matrix operand : operands) {
            for (int i = 0; i < operand.values().length; i++) {
                assertThat(operand.gradient()[i]).isCloseTo(slope(loss, operand.values(), i, STEP), within(TOLERANCE));
            }
        }
    }

    static Stream<Variant> dense() {
        return Variant.all().stream().filter(variant -> variant.kind() == LinearKind.DENSE);
    }

    @ParameterizedTest
    @MethodSource("dense")
    void theDenseNetworkHasTheSlopeOfItsLoss(Variant variant) {
        checkNetwork(Example.of(variant.tiny(), 2, 7, 11));
    }

    @Test
    void bitLinearInTheNetworkHasTheSlopeOfItsLossWhenNothingIsRounded() {
        checkNetwork(Example.of(Variant.of(LinearKind.MASTER_TERNARY).tiny(), 2, 7, 12));
        checkNetwork(Example.of(Variant.of(LinearKind.MASTER_SIGN).tiny(), 2, 7, 13));
    }

    /// Each tensor is moved along random directions, which involves all of its elements, and at a few single ones.
    private static void checkNetwork(Example example) {
        ReferenceNetwork reference = example.reference(false);
        reference.loss(example.inputs(), example.targets());
        reference.backward();
        SplittableRandom random = new SplittableRandom(5);
        reference.weights().forEach((name, weight) -> {
            for (int trial = 0; trial < 6; trial++) {
                double[] direction = new double[weight.values().length];
                if (trial < 3) {
                    Arrays.setAll(direction, i -> random.nextGaussian());
                } else {
                    direction[random.nextInt(direction.length)] = 1;
                }
                double expected = 0;
                for (int i = 0; i < direction.length; i++) {
                    expected += direction[i] * weight.gradient()[i];
                }
                double found = (moved(example, name, direction, STEP) - moved(example, name, direction, -STEP))
                        / (2 * STEP);
                assertThat(found).as(name).isCloseTo(expected, within(
                        1e-5 * Math.max(1e-2, Math.abs(expected))));
            }
        });
    }

    private static double moved(Example example, String name, double[] direction, double step) {
        ReferenceNetwork network = example.reference(false);
        double[] values = Objects.requireNonNull(network.weights().get(name)).values();
        for (int i = 0; i < values.length; i++) {
            values[i] += step * direction[i];
        }
        return network.loss(example.inputs(), example.targets());
    }

    private static double slope(DoubleSupplier loss, double[] values, int index, double step) {
        double kept = values[index];
        values[index] = kept + step;
        double above = loss.getAsDouble();
        values[index] = kept - step;
        double below = loss.getAsDouble();
        values[index] = kept;
        return (above - below) / (2 * step);
    }
}
