package org.ternlm.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.ternlm.train.torch.Closeness.assertClose;

import java.util.List;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The network in libtorch has the loss and the gradients of the reference, every tensor of every architecture.
class GradientTest {
    private static final double TOLERANCE = 5e-5;

    static List<Variant> variants() {
        return Variant.all();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void lossAndAllGradientsAreThoseOfTheReference(Variant variant) {
        Example example = Example.clear(variant.tiny(), 2, 7, 100);
        ReferenceNetwork reference = example.reference(true);
        double expected = reference.loss(example.inputs(), example.targets());
        reference.backward();
        try (PointerScope scope = new PointerScope()) {
            Network network = example.network();
            Tensor loss = network.loss(example.inputTensor(), example.targetTensor(), Precision.FLOAT32);
            assertThat((double) loss.item_float()).isCloseTo(expected, within(1e-5 * expected));
            loss.backward();
            assertThat(network.parameters().all()).containsOnlyKeys(reference.weights().keySet());
            network.parameters().all().forEach((name, tensor) -> assertClose(name, tensor.grad(),
                    Objects.requireNonNull(reference.weights().get(name)).gradient(), TOLERANCE));
            network.parameters().close();
        }
    }
}
