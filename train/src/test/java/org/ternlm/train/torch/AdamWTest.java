package org.ternlm.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.ternlm.train.torch.Closeness.assertClose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.ternlm.model.LinearKind;
import org.ternlm.model.ModelConfig;

/// The optimiser against its equations, written out in double.
class AdamWTest {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.95;
    private static final double LARGEST_NORM = 20;
    private static final ModelConfig CONFIG = Variant.of(LinearKind.DENSE).tiny();

    /// One tensor of the optimiser by hand.
    private static final class Weight {
        private final boolean decays;
        private final double[] values;
        private final double[] first;
        private final double[] second;
        private double[] gradient = new double[0];

        Weight(float[] start, boolean decays) {
            this.decays = decays;
            values = new double[start.length];
            Arrays.setAll(values, i -> start[i]);
            first = new double[start.length];
            second = new double[start.length];
        }

        void step(int step, double factor, double rate, double decay) {
            for (int i = 0; i < values.length; i++) {
                double g = gradient[i] * factor;
                first[i] = BETA1 * first[i] + (1 - BETA1) * g;
                second[i] = BETA2 * second[i] + (1 - BETA2) * g * g;
                double m = first[i] / (1 - Math.pow(BETA1, step));
                double v = second[i] / (1 - Math.pow(BETA2, step));
                values[i] -= rate * (m / (Math.sqrt(v) + 1e-8) + (decays ? decay * values[i] : 0));
            }
        }
    }

    @Test
    void tenStepsAreThoseOfTheEquations() {
        SplittableRandom random = new SplittableRandom(31);
        Example example = Example.of(CONFIG, 1, 1, 30);
        Map<String, Weight> expected = new LinkedHashMap<>();
        Parameters.shapes(CONFIG).forEach((name, shape) -> expected.put(name,
                new Weight(Objects.requireNonNull(example.values().get(name)), shape.length > 1)));
        List<Boolean> clipped = new ArrayList<>();
        try (PointerScope scope = new PointerScope();
                Parameters parameters = Parameters.of(CONFIG, example.values());
                AdamW optimiser = new AdamW(parameters, BETA1, BETA2)) {
            for (int step = 1; step <= 10; step++) {
                double rate = 1e-2 / step;
                double decay = step <= 6 ? 0.1 : 0;
                optimiser.zeroGradients();
                double norm = setGradients(parameters, expected, step, random);
                assertThat(optimiser.clip(LARGEST_NORM)).isCloseTo(norm, within(1e-5 * norm));
                optimiser.step(rate, decay);
                double factor = norm > LARGEST_NORM ? LARGEST_NORM / norm : 1;
                clipped.add(factor < 1);
                for (Weight weight : expected.values()) {
                    weight.step(step, factor, rate, decay);
                }
                assertThat(optimiser.steps()).isEqualTo(step);
                compare(parameters, optimiser, expected);
            }
        }
        assertThat(clipped).as("both cases must occur").contains(true, false);
    }

    /// Random gradients, smaller than ε in the first tensors, ordinary in the last; returns their common norm.
    private static double setGradients(Parameters parameters, Map<String, Weight> expected, int step,
            SplittableRandom random) {
        double squares = 0;
        double size = 1e-9;
        for (Map.Entry<String, Tensor> entry : parameters.all().entrySet()) {
            Tensor tensor = entry.getValue();
            Matrix slopes = Matrix.random(1, (int) tensor.numel(), 0, size * (step % 3 + 0.5), random);
            tensor.mul(Torch.floats(slopes.floats(), tensor.sizes().vec().get())).sum().backward();
            Objects.requireNonNull(expected.get(entry.getKey())).gradient = slopes.values();
            squares += Arrays.stream(slopes.values()).map(value -> value * value).sum();
            size = Math.min(0.3, size * 10);
        }
        return Math.sqrt(squares);
    }

    private static void compare(Parameters parameters, AdamW optimiser, Map<String, Weight> expected) {
        expected.forEach((name, weight) -> {
            assertClose(name, parameters.get(name), weight.values, 1e-6);
            assertClose(name + " m", Objects.requireNonNull(optimiser.firstMoments().get(name)), weight.first, 2e-6);
            assertClose(name + " v", Objects.requireNonNull(optimiser.secondMoments().get(name)), weight.second, 4e-6);
        });
    }

    @Test
    void weightsWithoutGradientStayAsTheyAre() {
        Example example = Example.of(CONFIG, 1, 1, 32);
        try (Parameters parameters = Parameters.of(CONFIG, example.values());
                AdamW optimiser = new AdamW(parameters, BETA1, BETA2)) {
            optimiser.zeroGradients();
            assertThat(optimiser.clip(1)).isZero();
            optimiser.step(1e-2, 0.1);
            parameters.all().forEach((name, tensor) -> assertThat(Torch.values(tensor)).as(name).isEqualTo(
                    example.values().get(name)));
        }
    }

    @Test
    void aRestoredRunGoesOnExactlyLikeAnUninterruptedOne() {
        ModelConfig config = Variant.of(LinearKind.MASTER_TERNARY).tiny();
        try (Trainer whole = new Trainer(config, Precision.FLOAT32, 33)) {
            for (int i = 0; i < 5; i++) {
                whole.step();
            }
            Parameters copy = Parameters.of(config, Trainer.copies(whole.parameters().all()));
            try (Trainer restored = new Trainer(config, Precision.FLOAT32, copy)) {
                restored.optimiser().restore(whole.optimiser().steps(),
                        Trainer.copies(whole.optimiser().firstMoments()),
                        Trainer.copies(whole.optimiser().secondMoments()));
                for (int i = 0; i < 5; i++) {
                    assertThat(restored.step()).isEqualTo(whole.step());
                }
                assertSame(restored.parameters().all(), whole.parameters().all());
                assertSame(restored.optimiser().firstMoments(), whole.optimiser().firstMoments());
                assertSame(restored.optimiser().secondMoments(), whole.optimiser().secondMoments());
            }
        }
    }

    private static void assertSame(Map<String, Tensor> found, Map<String, Tensor> expected) {
        Map<String, float[]> values = Trainer.copies(expected);
        Trainer.copies(found).forEach((name, tensor) -> assertThat(tensor).as(name).isEqualTo(values.get(name)));
    }

    @Test
    void momentsOfAnotherModelAreRefused() {
        try (Parameters parameters = Parameters.initial(CONFIG, 1);
                AdamW optimiser = new AdamW(parameters, BETA1, BETA2)) {
            Map<String, float[]> moments = Trainer.copies(optimiser.firstMoments());
            moments.put("model.norm.weight", new float[3]);
            assertThatThrownBy(() -> optimiser.restore(1, moments, moments)).isInstanceOf(
                    IllegalArgumentException.class)
                    .hasMessageContaining("model.norm.weight: expected 24 moments, found 3");
        }
    }
}
