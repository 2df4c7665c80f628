package org.ternlm.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.kernel.ByteProducts;
import org.ternlm.kernel.ByteProductsException;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.ManyTokens;
import org.ternlm.kernel.NativeChoice;
import org.ternlm.model.Activation;
import org.ternlm.model.Decoder;
import org.ternlm.model.Geometry;
import org.ternlm.model.KvCache;
import org.ternlm.model.LinearKind;
import org.ternlm.model.Model;
import org.ternlm.model.ModelConfig;
import org.ternlm.model.RandomModel;
import org.ternlm.model.RandomModel.Weighting;
import org.ternlm.quant.DenseForm;

/// A whole model with oneDNN and without: the same logits, to the bit.
class SameLogitsTest {
    private static final int TOKENS = 300;
    private static final Geometry SMALL = new Geometry("small", 192, 416, 3, 6, 2, 100, false,
            Activation.RELU_SQUARED, "this test");

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void ternary(int threads) {
        assertThat(logits(new Weighting.Ternary(), threads, true)).isEqualTo(logits(new Weighting.Ternary(), threads,
                false));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void signs(int threads) {
        assertThat(logits(new Weighting.Sign(), threads, true)).isEqualTo(logits(new Weighting.Sign(), threads,
                false));
    }

    private static float[] logits(Weighting weighting, int threads, boolean withLibrary) {
        ModelConfig config = SMALL.config(LinearKind.PACKED_MULTIPLY, TOKENS);
        KernelSelection selection = KernelSelection.choose();
        try (Kernels plain = selection.open(threads, NativeChoice.OFF);
                ManyTokens tiles = withLibrary ? tiles(selection) : plain.manyTokens();
                Arena arena = Arena.ofShared()) {
            Kernels kernels = plain.withManyTokens(tiles);
            Model model = RandomModel.of(config, weighting, DenseForm.F32, kernels, arena, bytes -> {});
            float[] all = new float[TOKENS * config.vocabularySize()];
            int[] prompt = IntStream.range(0, TOKENS).map(i -> i * 7 % 100).toArray();
            new Decoder(model, kernels).forward(List.of(new Decoder.Step(new KvCache(config), prompt, 0)), (step,
                    token, values, offset) -> System.arraycopy(values, offset, all, token * config.vocabularySize(),
                            config.vocabularySize()));
            assertThat(Arrays.stream(new int[] {0, 1, TOKENS - 1}).mapToObj(i -> all[i * 100 + 5])).doesNotContain(0f);
            return all;
        }
    }

    private static ManyTokens tiles(KernelSelection selection) {
        return ManyTokens.atOnce(products(), selection.unpacking(), 2);
    }

    private static ByteProducts products() {
        try {
            return new OneDnnProvider().open();
        } catch (ByteProductsException problem) {
            Assumptions.assumeFalse(String.valueOf(problem.getMessage()).contains("no AVX-512 with VNNI"),
                    "needs a processor with VNNI");
            throw problem;
        }
    }
}
