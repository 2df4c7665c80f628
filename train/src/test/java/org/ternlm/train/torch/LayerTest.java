package org.ternlm.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ternlm.train.torch.Closeness.assertClose;

import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ternlm.model.LinearKind;
import org.ternlm.model.ModelConfig;
import org.ternlm.model.RopeScaling;

/// Each type of layer on its own: its output, the gradient of its input and those of its weights are the reference's.
class LayerTest {
    private static final double TOLERANCE = 2e-5;
    private static final int BATCH = 2;
    private static final int LENGTH = 7;
    private static final String LAYER = "model.layers.1.";

    /// One layer, on both sides.
    interface Layer {
        Matrix reference(ReferenceNetwork network, Matrix x);

        Tensor torch(Network network, Parameters parameters, Tensor x);
    }

    static List<Variant> variants() {
        return Variant.all().stream().filter(Variant::tiedHead).toList();
    }

    static Stream<Variant> ungrouped() {
        return variants().stream().filter(variant -> !variant.grouped());
    }

    @ParameterizedTest
    @EnumSource(names = {"DENSE", "MASTER_TERNARY", "MASTER_SIGN"})
    void bitLinear(LinearKind kind) {
        String name = LAYER + "mlp.gate_proj";
        check(Variant.of(kind).tiny(), new Layer() {
            @Override
            public Matrix reference(ReferenceNetwork network, Matrix x) {
                return network.linear(x, name);
            }

            @Override
            public Tensor torch(Network network, Parameters parameters, Tensor x) {
                return FakeQuantization.apply(kind, x, parameters.get(name + ".weight"),
                        Precision.FLOAT32, 1);
            }
        }, name + ".weight");
    }

    @Test
    void norm() {
        String name = LAYER + "input_layernorm";
        check(Variant.of(LinearKind.DENSE).tiny(), new Layer() {
            @Override
            public Matrix reference(ReferenceNetwork network, Matrix x) {
                return network.norm(x, name);
            }

            @Override
            public Tensor torch(Network network, Parameters parameters, Tensor x) {
                return network.norm(x, name + ".weight", 24);
            }
        }, name + ".weight");
    }

    @ParameterizedTest
    @MethodSource("variants")
    void attention(Variant variant) {
        String name = LAYER + "self_attn.";
        check(variant.tiny(), new Layer() {
            @Override
            public Matrix reference(ReferenceNetwork network, Matrix x) {
                return network.attention(x, name);
            }

            @Override
            public Tensor torch(Network network, Parameters parameters, Tensor x) {
                return network.attention(x, name, new TensorOptional(), Precision.FLOAT32);
            }
        }, name);
    }

    @ParameterizedTest
    @MethodSource("ungrouped")
    void feedForward(Variant variant) {
        String name = LAYER + "mlp.";
        check(variant.tiny(), new Layer() {
            @Override
            public Matrix reference(ReferenceNetwork network, Matrix x) {
                return network.feedForward(x, name);
            }

            @Override
            public Tensor torch(Network network, Parameters parameters, Tensor x) {
                return network.feedForward(x, name, Precision.FLOAT32);
            }
        }, name);
    }

    static Stream<RopeScaling> scalings() {
        return Stream.of(new RopeScaling.None(), new RopeScaling.Linear(4), new RopeScaling.Llama3(8, 1, 4, 32));
    }

    @ParameterizedTest
    @MethodSource("scalings")
    void rotary(RopeScaling scaling) {
        ModelConfig config = Variant.of(LinearKind.DENSE).tiny(scaling);
        int length = config.contextLength();
        Matrix x = Matrix.random(BATCH * length, 24, 0, 1, new SplittableRandom(3));
        Tape tape = new Tape();
        Matrix y = new ReferenceAttention(config, length, tape).rotate(x);
        Matrix upstream = upstream(y);
        tape.backward();
        try (PointerScope scope = new PointerScope()) {
            Tensor input = Torch.floats(x.floats(), BATCH, length, 24).set_requires_grad(true);
            Tensor heads = input.view(BATCH, length, 6, 4).transpose(1, 2);
            Tensor output = new RotaryTables(config, new Device("cpu")).apply(heads).transpose(1, 2).reshape(BATCH,
                    length, 24);
            output.mul(Torch.floats(upstream.floats(), BATCH, length, 24)).sum().backward();
            assertClose("output", output, y.values(), TOLERANCE);
            assertClose("input", input.grad(), x.gradient(), TOLERANCE);
        }
    }

    private static void check(ModelConfig config, Layer layer, String prefix) {
        for (long seed = 200; seed < 300; seed++) {
            Example example = Example.of(config, BATCH, LENGTH, seed);
            ReferenceNetwork reference = example.reference(true);
            Matrix x = Matrix.random(BATCH * LENGTH, config.hiddenSize(), 0.1, 1, new SplittableRandom(seed));
            Matrix y = layer.reference(reference, x);
            if (reference.margin() > Example.CLEAR) {
                compare(example, layer, prefix, reference, x, y);
                return;
            }
        }
        throw new AssertionError("in each of 100 examples an activation lies within %s of a tie".formatted(
                Example.CLEAR));
    }

    private static void compare(Example example, Layer layer, String prefix, ReferenceNetwork reference, Matrix x,
            Matrix y) {
        Matrix upstream = upstream(y);
        reference.backward();
        try (PointerScope scope = new PointerScope();
                Parameters parameters = example.watchedParameters();
                Network network = new Network(example.config(), parameters.all())) {
            Tensor input = Torch.floats(x.floats(), BATCH, LENGTH, x.columns()).set_requires_grad(true);
            Tensor output = layer.torch(network, parameters, input);
            output.mul(Torch.floats(upstream.floats(), BATCH, LENGTH, y.columns())).sum().backward();
            assertClose("output", output, y.values(), TOLERANCE);
            assertClose("input", input.grad(), x.gradient(), TOLERANCE);
            parameters.all().forEach((name, tensor) -> {
                assertThat(tensor.grad().defined()).as(name).isEqualTo(name.startsWith(prefix));
                if (name.startsWith(prefix)) {
                    assertClose(name, tensor.grad(), Objects.requireNonNull(reference.weights().get(name)).gradient(),
                            TOLERANCE);
                }
            });
        }
    }

    /// Random slopes, put into `y` as its gradient.
    private static Matrix upstream(Matrix y) {
        Matrix upstream = Matrix.random(y.rows(), y.columns(), 0, 1, new SplittableRandom(9));
        System.arraycopy(upstream.values(), 0, y.gradient(), 0, y.gradient().length);
        return upstream;
    }
}
