package org.ternlm.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.Kernels;
import org.ternlm.model.LinearKind;
import org.ternlm.train.fused.FusedPass;
import org.ternlm.train.fused.PassMode;
import org.ternlm.train.fused.Sequences;

/// The pass that is written out by hand has the loss and the gradients of the reference, every tensor of every
/// architecture, and does not depend on how the work is divided.
class FusedGradientTest {
    private static final double TOLERANCE = 5e-5;
    private static Kernels kernels;

    @BeforeAll
    static void open() {
        kernels = KernelSelection.choose().open(2);
    }

    @AfterAll
    static void close() {
        kernels.close();
    }

    static List<Variant> variants() {
        return Variant.all();
    }

    /// What a pass says of a batch.
    private record Result(double loss, Map<String, float[]> gradients) {}

    private static FusedPass pass(Example example, Parameters parameters, Precision precision, PassMode mode,
            int sequences, int length) {
        return new FusedPass(example.config(), parameters,
                new FusedPass.Plan(precision, mode, false, sequences, length),
                kernels.floats(), kernels.workers());
    }

    private static Result run(Example example, Precision precision, PassMode mode, int atOnce) {
        Sequences all = example.sequences();
        double weight = 1.0 / all.targetCount();
        try (Parameters parameters = Parameters.of(example.config(), example.values());
                FusedPass pass = pass(example, parameters, precision, mode, atOnce, all.length())) {
            pass.begin(1);
            double loss = 0;
            for (int from = 0; from < all.count(); from += atOnce) {
                loss += pass.lossAndGradients(all.part(from, atOnce), weight);
            }
            return new Result(loss * weight, Trainer.copies(pass.gradients().all()));
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void lossAndAllGradientsAreThoseOfTheReference(Variant variant) {
        Example example = Example.clear(variant.tiny(), 2, 7, 100);
        ReferenceNetwork reference = example.reference(true);
        double expected = reference.loss(example.inputs(), example.targets());
        reference.backward();
        for (PassMode mode : new PassMode[] {PassMode.KEEP, PassMode.RECOMPUTE}) {
            Result found = run(example, Precision.FLOAT32, mode, 2);
            assertThat(found.loss).isCloseTo(expected, within(1e-5 * expected));
            assertThat(found.gradients).containsOnlyKeys(reference.weights().keySet());
            found.gradients.forEach((name, gradient) -> Closeness.assertClose(name, gradient,
                    Objects.requireNonNull(reference.weights().get(name)).gradient(), TOLERANCE));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DENSE", "MASTER_TERNARY", "MASTER_SIGN"})
    void partsAddUpToTheWhole(LinearKind kind) {
        Example example = Example.of(Variant.of(kind).small(), 5, 19, 7);
        Result whole = run(example, Precision.FLOAT32, PassMode.KEEP, 5);
        for (int atOnce = 1; atOnce <= 4; atOnce++) {
            Result parts = run(example, Precision.FLOAT32, PassMode.KEEP, atOnce);
            assertThat(parts.loss).isCloseTo(whole.loss, within(1e-6));
            whole.gradients.forEach((name, gradient) -> assertThat(Closeness.cosine(gradient,
                    Objects.requireNonNull(parts.gradients.get(name)))).as(name).isGreaterThan(1 - 1e-6));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DENSE", "MASTER_TERNARY", "MASTER_SIGN"})
    void bfloat16PointsWhereFloatPoints(LinearKind kind) {
        Example large = Example.of(Variant.of(kind).small(), 4, 48, 41);
        Map<String, float[]> values = new LinkedHashMap<>();
        try (Parameters fresh = Parameters.initial(large.config(), 42)) {
            values.putAll(Trainer.copies(fresh.all()));
        }
        Example example = new Example(large.config(), values, large.batch(), large.length(), large.inputs(),
                large.targets());
        Result exact = run(example, Precision.FLOAT32, PassMode.KEEP, 4);
        Result coarse = run(example, Precision.BFLOAT16, PassMode.KEEP, 4);
        assertThat(coarse.loss).isCloseTo(exact.loss, within(1e-3 * exact.loss));
        exact.gradients.forEach((name, gradient) -> assertThat(Closeness.cosine(gradient,
                Objects.requireNonNull(coarse.gradients.get(name)))).as(name).isGreaterThan(0.99));
    }

    @Test
    void anInvisibleBeginningMakesNoDifference() {
        Example example = Example.of(Variant.of(LinearKind.DENSE).small(), 1, 12, 9);
        int[] inputs = example.inputs();
        int[] other = inputs.clone();
        for (int i = 0; i < 5; i++) {
            other[i] = (other[i] + 1) % example.config().vocabularySize();
        }
        int[] visible = new int[12];
        int[] targets = example.targets().clone();
        for (int i = 0; i < 12; i++) {
            visible[i] = i < 5 ? 0 : 5;
            targets[i] = i < 5 ? Sequences.NONE : targets[i];
        }
        Sequences first = new Sequences(1, 12, inputs, targets, visible);
        Sequences second = new Sequences(1, 12, other, targets, visible);
        assertThat(first.targetCount()).isEqualTo(7);
        try (Parameters parameters = Parameters.of(example.config(), example.values());
                FusedPass pass = pass(example, parameters, Precision.FLOAT32, PassMode.KEEP, 1, 12)) {
            pass.begin(1);
            double loss = pass.lossAndGradients(first, 1);
            Map<String, float[]> gradients = Trainer.copies(pass.gradients().all());
            pass.begin(1);
            assertThat(pass.lossAndGradients(second, 1)).isEqualTo(loss).isPositive();
            assertThat(Trainer.copies(pass.gradients().all())).usingRecursiveComparison().isEqualTo(gradients);
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void lossesWithoutAWayBackAreTheSame(Precision precision) {
        Example example = Example.of(Variant.of(LinearKind.MASTER_TERNARY).small(), 3, 16, 5);
        double expected = run(example, precision, PassMode.KEEP, 3).loss;
        try (Parameters parameters = Parameters.of(example.config(), example.values());
                FusedPass pass = pass(example, parameters, precision, PassMode.FORWARD, 3, 16)) {
            pass.begin(1);
            assertThat(pass.loss(example.sequences()) / 48).isCloseTo(expected, within(1e-12));
        }
    }
}
