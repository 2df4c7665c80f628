package org.ternlm.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.Kernels;
import org.ternlm.model.LinearKind;
import org.ternlm.train.fused.FusedPass;
import org.ternlm.train.fused.PassMode;

/// The pass that is written out by hand.
class FusedPassTest extends GradientPassContract {
    private static Kernels kernels;

    @BeforeAll
    static void open() {
        kernels = KernelSelection.choose().open(2);
    }

    @AfterAll
    static void close() {
        kernels.close();
    }

    PassMode mode() {
        return PassMode.KEEP;
    }

    @Override
    GradientPass pass(Example example, Parameters parameters, Precision precision, int sequences, int length,
            boolean turning) {
        return new FusedPass(example.config(), parameters, new FusedPass.Plan(precision, mode(), turning, sequences,
                length), kernels.floats(), kernels.workers());
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void lossesWithoutAWayBackAreTheSame(Precision precision) {
        Example example = Example.of(Variant.of(LinearKind.MASTER_TERNARY).small(), 3, 16, 5);
        try (Parameters parameters = Parameters.of(example.config(), example.values());
                GradientPass back = pass(example, parameters, precision, 3, 16, false);
                GradientPass forward = new FusedPass(example.config(), parameters, new FusedPass.Plan(precision,
                        PassMode.FORWARD, false, 3, 16), kernels.floats(), kernels.workers())) {
            back.begin(1);
            forward.begin(1);
            assertThat(forward.loss(example.sequences())).isEqualTo(back.lossAndGradients(example.sequences(), 1));
        }
    }

    /// Both ways compute the same sums of int8 products, so that they differ by float's rounding only.
    @ParameterizedTest
    @EnumSource(names = {"DENSE", "MASTER_TERNARY", "MASTER_SIGN"})
    void agreesWithAutomaticDifferentiation(LinearKind kind) {
        Example example = Example.clear(Variant.of(kind).tiny(), 4, 16, 300);
        try (Parameters parameters = Parameters.of(example.config(), example.values());
                GradientPass fused = pass(example, parameters, Precision.FLOAT32, 4, 16, false);
                GradientPass traced = new TracedPass(example.config(), parameters, Precision.FLOAT32, "cpu")) {
            fused.begin(1);
            traced.begin(1);
            double loss = traced.lossAndGradients(example.sequences(), 1);
            assertThat(fused.lossAndGradients(example.sequences(), 1)).isCloseTo(loss, within(1e-5 * loss));
            fused.gradients().all().forEach((name, gradient) -> assertThat(Closeness.cosine(Torch.values(gradient),
                    Torch.values(traced.gradients().get(name)))).as(name).isGreaterThan(1 - 1e-6));
        }
    }

    @Test
    void refusesWhatItHasNoRoomFor() {
        Example example = Example.of(Variant.of(LinearKind.DENSE).tiny(), 3, 7, 1);
        try (Parameters parameters = Parameters.of(example.config(), example.values());
                GradientPass pass = pass(example, parameters, Precision.FLOAT32, 2, 7, false)) {
            pass.begin(1);
            assertThatThrownBy(() -> pass.loss(example.sequences())).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("expected at most 2 sequences of 7, found 3 of 7");
        }
    }
}
