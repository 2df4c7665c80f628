package org.ternlm.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ternlm.model.LinearKind;

/// What every way to gradients must do: the losses and gradients of the reference, every tensor of every architecture.
abstract class GradientPassContract {
    private static final double TOLERANCE = 5e-5;

    /// What a pass says of a batch.
    record Result(double loss, Map<String, float[]> gradients) {}

    /// A pass over at most `sequences` of `length` at a time.
    abstract GradientPass pass(Example example, Parameters parameters, Precision precision, int sequences, int length,
            boolean turning);

    static List<Variant> variants() {
        return Variant.all();
    }

    private Result run(Example example, Precision precision, int atOnce) {
        return run(example, precision, atOnce, 1);
    }

    private Result run(Example example, Precision precision, int atOnce, double share) {
        Sequences all = example.sequences();
        double weight = 1.0 / all.targetCount();
        try (Parameters parameters = Parameters.of(example.config(), example.values());
                GradientPass pass = pass(example, parameters, precision, atOnce, all.length(), share < 1)) {
            pass.begin(share);
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
        Result found = run(example, Precision.FLOAT32, 2);
        assertThat(found.loss).isCloseTo(expected, within(1e-5 * expected));
        assertThat(found.gradients).containsOnlyKeys(reference.weights().keySet());
        found.gradients.forEach((name, gradient) -> Closeness.assertClose(name, gradient,
                Objects.requireNonNull(reference.weights().get(name)).gradient(), TOLERANCE));
    }

    @ParameterizedTest
    @EnumSource(names = {"DENSE", "MASTER_TERNARY", "MASTER_SIGN"})
    void partsAddUpToTheWhole(LinearKind kind) {
        Example example = fresh(Example.of(Variant.of(kind).small(), 5, 19, 7));
        Result whole = run(example, Precision.FLOAT32, 5);
        for (int atOnce = 1; atOnce <= 4; atOnce++) {
            Result parts = run(example, Precision.FLOAT32, atOnce);
            assertThat(parts.loss).isCloseTo(whole.loss, within(2e-6));
            whole.gradients.forEach((name, gradient) -> {
                float[] found = Objects.requireNonNull(parts.gradients.get(name));
                for (int i = 0; i < gradient.length; i++) {
                    assertThat(found[i]).as("%s[%d]", name, i).isCloseTo(gradient[i], within(1e-6f));
                }
            });
        }
    }

    /// The same with the weights that a run begins with.
    private static Example fresh(Example example) {
        Map<String, float[]> values = new LinkedHashMap<>();
        try (Parameters fresh = Parameters.initial(example.config(), 42)) {
            values.putAll(Trainer.copies(fresh.all()));
        }
        return new Example(example.config(), values, example.batch(), example.length(), example.inputs(),
                example.targets());
    }

    @ParameterizedTest
    @EnumSource(names = {"DENSE", "MASTER_TERNARY", "MASTER_SIGN"})
    void bfloat16PointsWhereFloatPoints(LinearKind kind) {
        Example example = fresh(Example.of(Variant.of(kind).small(), 4, 48, 41));
        Result exact = run(example, Precision.FLOAT32, 4);
        Result coarse = run(example, Precision.BFLOAT16, 4);
        assertThat(coarse.loss).isCloseTo(exact.loss, within(1e-3 * exact.loss));
        exact.gradients.forEach((name, gradient) -> assertThat(Closeness.cosine(gradient,
                Objects.requireNonNull(coarse.gradients.get(name)))).as(name).isGreaterThan(0.99));
    }

    /// Large weights amplify every rounding.
    @ParameterizedTest
    @EnumSource(names = {"DENSE", "MASTER_TERNARY", "MASTER_SIGN"})
    void bfloat16HasTheLossOfFloatWithLargeWeightsToo(LinearKind kind) {
        Example example = Example.of(Variant.of(kind).small(), 4, 48, 43);
        Result exact = run(example, Precision.FLOAT32, 4);
        assertThat(run(example, Precision.BFLOAT16, 4).loss).isCloseTo(exact.loss, within(0.01 * exact.loss));
    }

    @Test
    void anInvisibleBeginningMakesNoDifference() {
        Example example = Example.of(Variant.of(LinearKind.DENSE).small(), 1, 12, 9);
        int[] other = example.inputs().clone();
        int[] visible = new int[12];
        int[] targets = example.targets().clone();
        for (int i = 0; i < 12; i++) {
            other[i] = i < 5 ? (other[i] + 1) % example.config().vocabularySize() : other[i];
            visible[i] = i < 5 ? 0 : 5;
            targets[i] = i < 5 ? Sequences.NONE : targets[i];
        }
        Sequences first = new Sequences(1, 12, example.inputs(), targets, visible);
        Sequences second = new Sequences(1, 12, other, targets, visible);
        Sequences seen = new Sequences(1, 12, other, targets, new int[12]);
        assertThat(first.targetCount()).isEqualTo(7);
        try (Parameters parameters = Parameters.of(example.config(), example.values());
                GradientPass pass = pass(example, parameters, Precision.FLOAT32, 1, 12, false)) {
            pass.begin(1);
            double loss = pass.lossAndGradients(first, 1);
            Map<String, float[]> gradients = Trainer.copies(pass.gradients().all());
            pass.begin(1);
            assertThat(pass.lossAndGradients(second, 1)).isEqualTo(loss).isPositive();
            Map<String, float[]> others = Trainer.copies(pass.gradients().all());
            gradients.forEach((name, gradient) -> assertThat(others.get(name)).as(name).isEqualTo(gradient));
            assertThat(pass.loss(seen)).isNotEqualTo(loss);
        }
    }

    @Test
    void countsTritsAndTheirChanges() {
        Example example = Example.of(Variant.of(LinearKind.MASTER_TERNARY).tiny(), 1, 3, 11);
        try (Parameters parameters = Parameters.of(example.config(), example.values());
                GradientPass pass = pass(example, parameters, Precision.FLOAT32, 1, 3, false)) {
            pass.begin(1);
            TritCount first = pass.trits();
            long[] expected = trits(parameters);
            assertThat(List.of(first.minus(), first.zero(), first.plus())).isEqualTo(List.of(expected[0], expected[1],
                    expected[2]));
            assertThat(first.flips()).isZero();
            // One of the matrices turns round: what was not 0 is another trit.
            Map<String, float[]> values = Trainer.copies(parameters.all());
            float[] turned = Objects.requireNonNull(values.get("model.layers.1.mlp.up_proj.weight"));
            long nonZero = 0;
            double scale = 0;
            for (float weight : turned) {
                scale += Math.abs(weight) / turned.length;
            }
            for (int i = 0; i < turned.length; i++) {
                nonZero += Math.abs(turned[i]) > scale / 2 ? 1 : 0;
                turned[i] = -turned[i];
            }
            parameters.block().fill(values);
            pass.begin(1);
            assertThat(pass.trits().flips()).isEqualTo(nonZero).isPositive();
            assertThat(pass.trits().flippedShare()).isEqualTo(nonZero / (double) first.total());
        }
    }

    private static long[] trits(Parameters parameters) {
        long[] counts = new long[3];
        parameters.all().forEach((name, tensor) -> {
            if (name.endsWith("_proj.weight")) {
                int rows = (int) tensor.size(0);
                for (byte trit : org.ternlm.quant.AbsMean.ternarize(Torch.values(tensor), rows,
                        (int) (tensor.numel() / rows)).trits()) {
                    counts[trit + 1]++;
                }
            }
        });
        return counts;
    }

    /// Half-way, weights are half of each: the loss lies near those of the weights made so by hand.
    @ParameterizedTest
    @EnumSource(names = {"MASTER_TERNARY", "MASTER_SIGN"})
    void weightsTurnTernaryBitByBit(LinearKind kind) {
        Example example = Example.clear(Variant.of(kind).tiny(), 2, 7, 100);
        double whole = run(example, Precision.FLOAT32, 2).loss;
        assertThat(run(example, Precision.FLOAT32, 2, 0.999_999_9).loss).isCloseTo(whole, within(1e-4));
        Result none = run(example, Precision.FLOAT32, 2, 0);
        Result half = run(example, Precision.FLOAT32, 2, 0.5);
        assertThat(none.loss).isNotEqualTo(whole);
        assertThat(half.loss).isNotEqualTo(whole).isNotEqualTo(none.loss);
        half.gradients.forEach((name, gradient) -> assertThat(gradient).as(name).isNotEqualTo(none.gradients.get(
                name)));
    }
}
