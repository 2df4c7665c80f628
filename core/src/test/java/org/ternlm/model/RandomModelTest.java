package org.ternlm.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ternlm.kernel.FailingProducts;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.ManyTokens;
import org.ternlm.kernel.Workers;
import org.ternlm.kernel.scalar.ScalarDenseKernel;
import org.ternlm.kernel.scalar.ScalarFloatKernel;
import org.ternlm.kernel.scalar.ScalarIntegerKernel;
import org.ternlm.kernel.scalar.ScalarLookupKernel;
import org.ternlm.kernel.scalar.ScalarTileUnpacking;
import org.ternlm.model.RandomModel.Weighting;
import org.ternlm.quant.DenseForm;
import org.ternlm.quant.Packings;

class RandomModelTest {
    private static final Geometry SMALL = new Geometry("small", 64, 96, 3, 4, 2, 100, false, Activation.RELU_SQUARED,
            "this test");

    static Stream<Weighting> weightings() {
        return Stream.concat(Stream.of(new Weighting.Ternary(), new Weighting.Sign()), Stream.of(DenseForm.F32,
                DenseForm.BF16, DenseForm.I8, DenseForm.Q8_0, DenseForm.Q4_0).map(Weighting.Dense::new));
    }

    @ParameterizedTest
    @MethodSource("weightings")
    void runsAndTakesTheMemoryThatItSays(Weighting weighting) {
        LinearKind kind = weighting instanceof Weighting.Dense ? LinearKind.DENSE : LinearKind.PACKED_MULTIPLY;
        ModelConfig config = SMALL.config(kind, 20);
        try (Kernels kernels = KernelSelection.choose().open(2); Arena arena = Arena.ofShared()) {
            AtomicLong written = new AtomicLong();
            Model model = RandomModel.of(config, weighting, DenseForm.F16, kernels, arena, written::addAndGet);
            long tables = 2L * 2 * 100 * 64;
            long scales = weighting.equals(new Weighting.Dense(DenseForm.I8))
                    ? 4L * 3 * (64 + 32 + 32 + 64 + 96 + 96
                            + 64)
                    : 0;
            long secondLayout = model.weights().layers().stream()
                    .mapToLong(layer -> layer.down() instanceof BitLinear down
                            ? down.columnCodes().byteSize()
                            : 0)
                    .sum();
            boolean skipsColumns = weighting instanceof Weighting.Ternary && kernels.sparse() != null;
            assertThat(secondLayout).isEqualTo(skipsColumns ? 3 * 64L * 96 : 0);
            assertThat(RandomModel.byteSize(config, weighting, DenseForm.F16, kernels)).isEqualTo(
                    model.bytesPerToken() + secondLayout + tables / 2 - scales);
            assertThat(written).hasValue(model.bytesPerToken() + secondLayout - tables / 2);
            List<Float> logits = new ArrayList<>();
            new Decoder(model, kernels).forward(List.of(Decoder.Step.next(new KvCache(config), 1, 2, 3)), (step, token,
                    values, offset) -> {
                for (int i = 0; i < 100; i++) {
                    logits.add(values[offset + i]);
                }
            });
            assertThat(logits).hasSize(100).allMatch(Float::isFinite);
        }
    }

    /// A library that fails in the middle of a pass: the other kernels compute it, with the same result.
    @Test
    void aLibraryThatFailsChangesNothing() {
        assertThat(logits(ManyTokens.atOnce(new FailingProducts("in the middle"), new ScalarTileUnpacking(), 2)))
                .isEqualTo(logits(null)).hasSize(100);
    }

    private static List<Float> logits(@Nullable ManyTokens manyTokens) {
        ModelConfig config = SMALL.config(LinearKind.PACKED_MULTIPLY, 40);
        try (Kernels plain = new Kernels(new ScalarLookupKernel(Packings.LUT9), new ScalarDenseKernel(),
                new ScalarIntegerKernel(), new ScalarFloatKernel(), new Workers(2));
                Arena arena = Arena.ofShared()) {
            Kernels kernels = manyTokens == null ? plain : plain.withManyTokens(manyTokens);
            Model model = RandomModel.of(config, new Weighting.Ternary(), DenseForm.F16, kernels, arena, bytes -> {});
            List<Float> logits = new ArrayList<>();
            new Decoder(model, kernels).forward(List.of(Decoder.Step.next(new KvCache(config), IntStream.range(0, 35)
                    .toArray())), (step, token, values, offset) -> {
                        for (int i = 0; i < 100; i++) {
                            logits.add(values[offset + i]);
                        }
                    });
            return logits;
        }
    }

    @Test
    void eachLayerHasMemoryOfItsOwn() {
        try (Kernels kernels = KernelSelection.choose().open(1); Arena arena = Arena.ofShared()) {
            Model model = RandomModel.of(SMALL.config(LinearKind.PACKED_MULTIPLY, 20), new Weighting.Ternary(),
                    DenseForm.F16, kernels, arena, bytes -> {});
            Set<Long> places = new HashSet<>();
            for (Weights.Layer layer : model.weights().layers()) {
                places.add(((BitLinear) layer.down()).codes().address());
                places.add(((BitLinear) layer.query()).codes().address());
            }
            assertThat(places).hasSize(6);
        }
    }

    @Test
    void geometriesAreThoseOfTheirModels() {
        Geometry published = Geometry.named("2B4T").orElseThrow();
        ModelConfig config = published.config(LinearKind.PACKED_MULTIPLY, 4096);
        assertThat(MultiplyAccumulates.of(config, 0).linear()).isEqualTo(2_084_044_800L);
        assertThat(config.headSize()).isEqualTo(128);
        assertThat(Geometry.all()).extracting(Geometry::name).contains("700M", "70B").doesNotHaveDuplicates();
    }
}
