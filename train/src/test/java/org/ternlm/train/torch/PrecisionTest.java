package org.ternlm.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ternlm.model.LinearKind;
import org.ternlm.model.ModelConfig;

/// bfloat16 trains the same network as float: nearly the same loss and nearly the same direction.
class PrecisionTest {

    @ParameterizedTest
    @EnumSource(names = {"DENSE", "MASTER_TERNARY", "MASTER_SIGN"})
    void bfloat16PointsWhereFloatPoints(LinearKind kind) {
        Example example = Example.of(Variant.of(kind).small(), 4, 48, 41);
        Map<String, float[]> exact = new LinkedHashMap<>();
        Map<String, float[]> coarse = new LinkedHashMap<>();
        double loss = fresh(example, Precision.FLOAT32, exact);
        assertThat(fresh(example, Precision.BFLOAT16, coarse)).isCloseTo(loss, within(1e-3 * loss));
        exact.forEach((name, gradient) -> assertThat(Closeness.cosine(gradient, Objects.requireNonNull(coarse.get(
                name)))).as(name).isGreaterThan(0.99));
    }

    /// Large weights amplify every rounding.
    @ParameterizedTest
    @EnumSource(names = {"DENSE", "MASTER_TERNARY", "MASTER_SIGN"})
    void bfloat16HasTheLossOfFloatWithLargeWeightsToo(LinearKind kind) {
        Example example = Example.of(Variant.of(kind).small(), 4, 48, 43);
        Map<String, float[]> exact = new LinkedHashMap<>();
        Map<String, float[]> coarse = new LinkedHashMap<>();
        double loss = run(example, example.network(), Precision.FLOAT32, exact);
        assertThat(run(example, example.network(), Precision.BFLOAT16, coarse)).isCloseTo(loss, within(0.01 * loss));
        assertThat(Closeness.cosine(joined(exact), joined(coarse))).isGreaterThan(0.97);
    }

    private static double fresh(Example example, Precision precision, Map<String, float[]> gradients) {
        Parameters parameters = Parameters.initial(example.config(), 42);
        return run(example, watched(example.config(), parameters), precision, gradients);
    }

    private static Network watched(ModelConfig config, Parameters parameters) {
        parameters.watch();
        return new Network(config, parameters);
    }

    /// One forward and one backward pass, after which the weights are gone; returns the loss.
    private static double run(Example example, Network network, Precision precision, Map<String, float[]> gradients) {
        try (PointerScope scope = new PointerScope(); Parameters parameters = network.parameters()) {
            Tensor loss = network.loss(example.inputTensor(), example.targetTensor(), precision);
            loss.backward();
            parameters.all().forEach((name, tensor) -> gradients.put(name, Torch.values(tensor.grad())));
            return loss.item_float();
        }
    }

    private static float[] joined(Map<String, float[]> gradients) {
        FloatBuffer all = FloatBuffer.allocate(gradients.values().stream().mapToInt(part -> part.length).sum());
        gradients.values().forEach(all::put);
        return all.array();
    }
}
