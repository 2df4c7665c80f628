package org.ternlm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufBuilder;
import org.ternlm.format.gguf.GgufType;
import org.ternlm.kernel.Kernels;

/// What the metadata of a GGUF file may say, on a model of one layer that the test writes.
class GgufConfigTest {
    private static final int HIDDEN = 8;
    private static final int INNER = 12;

    @TempDir
    Path scratch;

    /// Everything that a model needs, with its architecture's prefix.
    private static GgufBuilder model(String architecture) {
        GgufBuilder file = new GgufBuilder().put("general.architecture", architecture)
                .put(architecture + ".context_length", 16).put(architecture + ".embedding_length", HIDDEN)
                .put(architecture + ".block_count", 1).put(architecture + ".feed_forward_length", INNER)
                .put(architecture + ".attention.head_count", 2)
                .put(architecture + ".attention.layer_norm_rms_epsilon", 1e-5f);
        file.tensor("token_embd.weight", ternary(10 * HIDDEN), HIDDEN, 10)
                .tensor("output_norm.weight", new float[HIDDEN], HIDDEN)
                .tensor("blk.0.attn_norm.weight", new float[HIDDEN], HIDDEN)
                .tensor("blk.0.ffn_norm.weight", new float[HIDDEN], HIDDEN);
        for (String name : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
            file.tensor("blk.0." + name + ".weight", ternary(HIDDEN * HIDDEN), HIDDEN, HIDDEN);
        }
        file.tensor("blk.0.ffn_gate.weight", ternary(HIDDEN * INNER), HIDDEN, INNER)
                .tensor("blk.0.ffn_up.weight", ternary(HIDDEN * INNER), HIDDEN, INNER)
                .tensor("blk.0.ffn_down.weight", ternary(HIDDEN * INNER), INNER, HIDDEN);
        if (!architecture.equals("llama")) {
            file.tensor("blk.0.attn_sub_norm.weight", new float[HIDDEN], HIDDEN)
                    .tensor("blk.0.ffn_sub_norm.weight", new float[INNER], INNER);
        }
        return file;
    }

    private static float[] ternary(int length) {
        float[] numbers = new float[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = (i % 3 - 1) * 0.5f;
        }
        return numbers;
    }

    private ModelConfig load(GgufBuilder file) throws IOException {
        Path path = file.write(scratch.resolve("model.gguf"));
        try (Arena arena = Arena.ofShared(); Kernels kernels = GoldenLogitsTest.kernels("scalar")) {
            return Model.load(path, kernels, arena).config();
        }
    }

    @Test
    void theNameOfTheArchitectureSaysTheActivation() throws IOException {
        assertThat(load(model("llama")).activation()).isEqualTo(Activation.SILU);
        assertThat(load(model("bitnet")).activation()).isEqualTo(Activation.SILU);
        assertThat(load(model("bitnet-25")).activation()).isEqualTo(Activation.RELU_SQUARED);
        assertThat(load(model("bitnet-b1.58")).activation()).isEqualTo(Activation.RELU_SQUARED);
        assertThat(load(model("bitnet-b1.58")).subNorms()).isTrue();
        assertThat(load(model("llama")).subNorms()).isFalse();
    }

    @Test
    void whatIsMissingHasItsUsualValue() throws IOException {
        ModelConfig config = load(model("llama"));
        assertThat(config.vocabularySize()).isEqualTo(10);
        assertThat(config.keyValueHeads()).isEqualTo(2);
        assertThat(config.headSize()).isEqualTo(4);
        assertThat(config.ropeTheta()).isEqualTo(10_000);
        assertThat(config.ropeScaling()).isInstanceOf(RopeScaling.None.class);
        assertThat(config.tiedHead()).isTrue();
        assertThat(config.attentionBias()).isFalse();
        assertThat(config.bosId()).isEqualTo(-1);
        assertThat(config.eosIds()).isEmpty();
    }

    @Test
    void readsWhatFilesSayBesides() throws IOException {
        GgufBuilder file = model("llama").put("llama.rope.freq_base", 500_000f).put("llama.rope.scaling.type", "linear")
                .put("llama.rope.scaling.factor", 4f).put("tokenizer.ggml.bos_token_id", 1)
                .put("tokenizer.ggml.eos_token_id", 2).put("tokenizer.ggml.eot_token_id", 3)
                .tensor("output.weight", new float[10 * HIDDEN], HIDDEN, 10);
        for (String name : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
            file.tensor("blk.0." + name + ".bias", new float[HIDDEN], HIDDEN);
        }
        ModelConfig config = load(file);
        assertThat(config.ropeTheta()).isEqualTo(500_000);
        assertThat(config.ropeScaling()).isEqualTo(new RopeScaling.Linear(4));
        assertThat(config.eosIds()).containsExactlyInAnyOrder(2, 3);
        assertThat(config.bosId()).isEqualTo(1);
        assertThat(config.tiedHead()).isFalse();
        assertThat(config.attentionBias()).isTrue();
    }

    @Test
    void biasesOfQueriesAndKeysAreTurnedLikeTheirRows() throws IOException {
        float[] bias = {0, 1, 2, 3, 4, 5, 6, 7};
        GgufBuilder file = model("llama");
        for (String name : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
            file.tensor("blk.0." + name + ".bias", bias, HIDDEN);
        }
        Path path = file.write(scratch.resolve("model.gguf"));
        try (Arena arena = Arena.ofShared(); Kernels kernels = GoldenLogitsTest.kernels("scalar")) {
            Weights.Layer layer = Model.load(path, kernels, arena).weights().layers().getFirst();
            assertThat(((DenseLinear) layer.query()).bias()).containsExactly(0, 2, 1, 3, 4, 6, 5, 7);
            assertThat(((DenseLinear) layer.value()).bias()).containsExactly(bias);
        }
    }

    @Test
    void rotaryFactorsAreDataOfTheConfiguration() throws IOException {
        assertThat(load(model("llama").tensor("rope_freqs.weight", new float[] {1, 8}, 2)).ropeScaling())
                .isEqualTo(new RopeScaling.Factors(List.of(1f, 8f)));
    }

    private static Arguments of(String name, String base, UnaryOperator<GgufBuilder> change, String message) {
        return Arguments.of(name, change.apply(model(base)), message);
    }

    private static Arguments missing(String key) {
        return Arguments.of("no " + key, model("llama").withoutEntry("llama." + key), "llama." + key
                + ": expected ");
    }

    static List<Arguments> refusals() {
        return List.of(
                Arguments.of("gemma3", new GgufBuilder().put("general.architecture", "gemma3"),
                        "general.architecture: expected one of [llama, bitnet, bitnet-25, bitnet-b1.58, qwen3], found"),
                Arguments.of("an architecture that is a number", new GgufBuilder().put("general.architecture", 7),
                        "general.architecture: expected a string, found 7"),
                of("a Qwen without norms of heads", "llama", file -> file.withoutEntry("general.architecture")
                        .put("general.architecture", "qwen3").put("qwen3.context_length", 16)
                        .put("qwen3.embedding_length", HIDDEN).put("qwen3.block_count", 1)
                        .put("qwen3.feed_forward_length", INNER).put("qwen3.attention.head_count", 2)
                        .put("qwen3.attention.layer_norm_rms_epsilon", 1e-5f),
                        "blk.0.attn_q_norm.weight: expected a tensor, found none"),
                of("norms of heads in a LLaMA", "llama", file -> file.tensor("blk.0.attn_q_norm.weight", new float[4],
                        4), "blk.0.attn_q_norm.weight: expected no such tensor in this architecture"),
                of("a bias of q alone", "llama", file -> file.tensor("blk.0.attn_q.bias", new float[HIDDEN], HIDDEN),
                        "blk.0.attn_k.bias: expected a tensor, found none"),
                of("a bias of v alone", "llama", file -> file.tensor("blk.0.attn_v.bias", new float[HIDDEN], HIDDEN),
                        "blk.0.attn_v.bias: expected no such tensor in this architecture"),
                of("a bias that is too short", "llama", file -> file.tensor("blk.0.attn_q.bias", new float[4], 4),
                        "blk.0.attn_q.bias: expected shape [8], found [4]"),
                of("an epsilon of NaN", "llama", file -> file
                        .withoutEntry("llama.attention.layer_norm_rms_epsilon")
                        .put("llama.attention.layer_norm_rms_epsilon", Float.NaN), "expected 0 to 1, found NaN"),
                of("an epsilon that is a text", "llama", file -> file
                        .withoutEntry("llama.attention.layer_norm_rms_epsilon")
                        .put("llama.attention.layer_norm_rms_epsilon", "1e-5"), "expected a number, found \"1e-5\""),
                of("a base of infinity", "llama", file -> file.put("llama.rope.freq_base", Float.POSITIVE_INFINITY),
                        "llama.rope.freq_base: expected a positive number, found Infinity"),
                of("a base that is a list", "llama", file -> file.put("llama.rope.freq_base", new int[] {1}),
                        "llama.rope.freq_base: expected a number, found an array of 1"),
                of("NaN in a norm", "llama", file -> file.without("output_norm.weight").tensor("output_norm.weight",
                        new float[] {0, 0, 0, Float.NaN, 0, 0, 0, 0}, HIDDEN),
                        "output_norm.weight[3]: expected a finite number, found NaN"),
                of("a factor of NaN beside weights", "bitnet", file -> file.tensor("blk.0.ffn_up.scale",
                        new float[] {Float.NaN}, 1), "blk.0.ffn_up.scale[0]: expected a finite number, found NaN"),
                Arguments.of("no architecture", new GgufBuilder(),
                        "general.architecture: expected a string, found not"),
                Arguments.of("a vocabulary only", model("llama").without("token_embd.weight"),
                        "token_embd.weight: expected a tensor, found none"),
                of("2B4T as the older BitNet", "bitnet", file -> file.entry("bitnet.embedding_length", 2560)
                        .entry("bitnet.feed_forward_length", 6912).entry("bitnet.block_count", 30)
                        .entry("bitnet.attention.head_count", 20).padLayers(30), "this is 2B4T"),
                of("a head in the older BitNet", "bitnet", file -> file.tensor("output.weight", new float[10 * HIDDEN],
                        HIDDEN, 10), "output.weight: expected no such tensor in this architecture, found F32"),
                of("an unknown setting", "llama", file -> file.put("llama.attention.sliding_window", 7),
                        "llama.attention.sliding_window: expected no such setting in this architecture, found 7"),
                of("experts", "llama", file -> file.put("llama.expert_count", 8), "llama.expert_count: expected 0"),
                of("an adapter", "llama", file -> file.put("general.type", "adapter"), "general.type: expected model"),
                of("a part", "llama", file -> file.put("split.count", 3), "split.count: expected one file"),
                of("old blocks", "llama", file -> file.put("general.quantization_version", 1),
                        "general.quantization_version: expected 2, found 1"),
                of("yarn", "llama", file -> file.put("llama.rope.scaling.type", "yarn"),
                        "llama.rope.scaling.type: expected none or linear, found \"yarn\""),
                of("a factor of 0", "llama", file -> file.put("llama.rope.scaling.factor", 0f),
                        "llama.rope.scaling.factor: expected a positive number, found 0.0"),
                of("partly turned heads", "llama", file -> file.put("llama.rope.dimension_count", 2),
                        "llama.rope.dimension_count: expected 4, the size of a head, found 2"),
                of("three heads", "llama", file -> file.entry("llama.attention.head_count", 3),
                        "llama.embedding_length: expected a multiple of the 3 heads, found 8"),
                of("eight heads of one", "llama", file -> file.entry("llama.attention.head_count", 8),
                        "llama.attention.head_count: expected heads of an even size"),
                of("no heads", "llama", file -> file.entry("llama.attention.head_count", 0),
                        "llama.attention.head_count: expected a whole number from 1 to 16777216, found 0"),
                of("key heads that do not divide", "llama", file -> file.put("llama.attention.head_count_kv", 3),
                        "llama.attention.head_count_kv: expected a divisor of the 2 heads, found 3"),
                of("values of another size", "llama", file -> file.put("llama.attention.key_length", 4)
                        .put("llama.attention.value_length", 8), "llama.attention.value_length: expected 4"),
                of("four billion layers", "llama", file -> file.entry("llama.block_count", -1),
                        "llama.block_count: expected a whole number from 1 to 16777216, found 4294967295"),
                of("sixteen million layers", "llama", file -> file.entry("llama.block_count", 1 << 24),
                        "llama.block_count: expected no more layers than the 11 tensors of the file, found 16777216"),
                of("two layers", "llama", file -> file.entry("llama.block_count", 2), "blk.1."),
                of("a tensor too many", "llama", file -> file.tensor("rope_factors.weight", new float[2], 2),
                        "rope_factors.weight: expected no such tensor in this architecture, found F32 [2]"),
                of("rotary factors of 0", "llama", file -> file.tensor("rope_freqs.weight", new float[2], 2),
                        "rope_freqs.weight: expected positive numbers, found 0.0"),
                of("rotary factors of infinity", "llama", file -> file.tensor("rope_freqs.weight",
                        new float[] {1, Float.POSITIVE_INFINITY}, 2), "expected positive numbers, found Infinity"),
                of("rotary factors for other heads", "llama", file -> file.tensor("rope_freqs.weight", new float[4], 4),
                        "rope_freqs.weight: expected F32 [2], a factor for each pair, found F32 [4]"),
                of("rotary factors and a scaling", "llama", file -> file.put("llama.rope.scaling.factor", 4f)
                        .tensor("rope_freqs.weight", new float[] {1, 1}, 2),
                        "llama.rope.scaling.type: expected none beside the tensor rope_freqs.weight"),
                of("sub-norms in a LLaMA", "llama", file -> file.tensor("blk.0.attn_sub_norm.weight",
                        new float[HIDDEN], HIDDEN), "blk.0.attn_sub_norm.weight: expected no such tensor"),
                of("a larger vocabulary", "llama", file -> file.put("llama.vocab_size", 11),
                        "token_embd.weight: expected shape [11, 8], found [10, 8]"),
                of("a BOS outside", "llama", file -> file.put("tokenizer.ggml.bos_token_id", 10),
                        "tokenizer.ggml.bos_token_id: expected a token of the vocabulary, 0 to 9, found 10"),
                of("a norm in blocks", "llama", file -> file.replace("output_norm.weight", GgufType.Q8_0, new byte[34])
                        .reshape("output_norm.weight", 32),
                        "output_norm.weight: expected F32, F16 or BF16, found Q8_0"),
                of("q of another shape", "llama", file -> file.reshape("blk.0.attn_q.weight", 4, 16),
                        "blk.0.attn_q.weight: expected shape [8, 8], found [16, 4]"),
                of("weights that are no codes", "bitnet", file -> file.reshape("blk.0.attn_q.weight", 4, 16),
                        "blk.0.attn_q.weight: expected shape [8, 8]"),
                missing("context_length"), missing("embedding_length"), missing("block_count"),
                missing("feed_forward_length"), missing("attention.head_count"),
                missing("attention.layer_norm_rms_epsilon"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void isRefused(String name, GgufBuilder file, String message) {
        assertThatThrownBy(() -> load(file)).as(name).isInstanceOf(ModelFormatException.class)
                .hasMessageContainingAll("model.gguf: ", message).message().doesNotContain("\n").hasSizeLessThan(600);
    }
}
