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
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.kernel.Workers;
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
        WeightBlock.shapes(CONFIG).forEach((name, shape) -> expected.put(name,
                new Weight(Objects.requireNonNull(example.values().get(name)), shape.length > 1)));
        List<Boolean> clipped = new ArrayList<>();
        try (Parameters parameters = Parameters.of(CONFIG, example.values());
                WeightBlock gradients = WeightBlock.zeros(CONFIG);
                Workers workers = new Workers(2);
                AdamW optimiser = new AdamW(CONFIG, parameters, BETA1, BETA2)) {
            for (int step = 1; step <= 10; step++) {
                double rate = 1e-2 / step;
                double decay = step <= 6 ? 0.1 : 0;
                double norm = setGradients(gradients, expected, step, random);
                assertThat(AdamW.norm(gradients, workers)).isCloseTo(norm, within(1e-5 * norm));
                double factor = norm > LARGEST_NORM ? LARGEST_NORM / norm : 1;
                optimiser.step(gradients, factor, rate, decay, workers);
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
    private static double setGradients(WeightBlock gradients, Map<String, Weight> expected, int step,
            SplittableRandom random) {
        double squares = 0;
        double size = 1e-9;
        Map<String, float[]> values = new LinkedHashMap<>();
        for (Map.Entry<String, Weight> entry : expected.entrySet()) {
            Weight weight = entry.getValue();
            Matrix slopes = Matrix.random(1, weight.values.length, 0, size * (step % 3 + 0.5), random);
            values.put(entry.getKey(), slopes.floats());
            weight.gradient = slopes.values();
            squares += Arrays.stream(slopes.values()).map(value -> value * value).sum();
            size = Math.min(0.3, size * 10);
        }
        gradients.fill(values);
        return Math.sqrt(squares);
    }

    private static void compare(Parameters parameters, AdamW optimiser, Map<String, Weight> expected) {
        expected.forEach((name, weight) -> {
            assertClose(name, parameters.get(name), weight.values, 1e-6);
            assertClose(name + " m", Objects.requireNonNull(optimiser.firstMoments().get(name)), weight.first, 2e-6);
            assertClose(name + " v", Objects.requireNonNull(optimiser.secondMoments().get(name)), weight.second, 4e-6);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void theResultDoesNotDependOnTheNumberOfWorkers(int threads) {
        ModelConfig config = Variant.of(LinearKind.DENSE).small();
        try (Parameters parameters = Parameters.initial(config, 1);
                WeightBlock gradients = WeightBlock.zeros(config);
                Workers workers = new Workers(threads);
                Workers one = new Workers(1);
                Parameters expected = Parameters.initial(config, 1);
                AdamW optimiser = new AdamW(config, parameters, BETA1, BETA2);
                AdamW alone = new AdamW(config, expected, BETA1, BETA2)) {
            gradients.fill(Trainer.copies(parameters.all()));
            assertThat(AdamW.norm(gradients, workers)).isEqualTo(AdamW.norm(gradients, one)).isPositive();
            optimiser.step(gradients, 0.5, 1e-2, 0.1, workers);
            alone.step(gradients, 0.5, 1e-2, 0.1, one);
            assertSame(parameters.all(), expected.all());
        }
    }

    @Test
    void aRestoredRunGoesOnExactlyLikeAnUninterruptedOne() {
        ModelConfig config = Variant.of(LinearKind.MASTER_TERNARY).tiny();
        try (Trainer whole = new Trainer(config, Precision.FLOAT32, 33, 1)) {
            for (int i = 0; i < 5; i++) {
                whole.step();
            }
            Parameters copy = Parameters.of(config, Trainer.copies(whole.parameters().all()));
            try (Trainer restored = new Trainer(config, Precision.FLOAT32, copy, 1)) {
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
                AdamW optimiser = new AdamW(CONFIG, parameters, BETA1, BETA2)) {
            Map<String, float[]> moments = Trainer.copies(optimiser.firstMoments());
            moments.put("model.norm.weight", new float[3]);
            assertThatThrownBy(() -> optimiser.restore(1, moments, moments)).isInstanceOf(
                    IllegalArgumentException.class)
                    .hasMessageContaining("model.norm.weight: expected 24 values, found 3");
        }
    }
}
