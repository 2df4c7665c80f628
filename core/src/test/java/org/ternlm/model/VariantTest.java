package org.ternlm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.convert.Conversion;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufBuilder;
import org.ternlm.format.gguf.GgufType;
import org.ternlm.kernel.Kernels;

/// Architectures and variants for which there is no published checkpoint at hand: random weights, against the equations in
/// double.
class VariantTest {
    private static final int[] TOKENS = {3, 17, 5, 5, 40, 0, 22, 39, 8};
    private static final String SHAPE = "'vocab_size': 41, 'hidden_size': 64, 'intermediate_size': 128, "
            + "'num_hidden_layers': 2, 'num_attention_heads': 4, 'num_key_value_heads': 2, 'hidden_act': 'silu', "
            + "'max_position_embeddings': 32, 'rms_norm_eps': 1e-5, 'rope_theta': 10000.0, "
            + "'tie_word_embeddings': true";
    private static final String PACKED = "'quantization_config': {'quant_method': 'bitnet', 'linear_class': "
            + "'autobitlinear'}";
    private static final String ONLINE = "'quantization_config': {'quant_method': 'bitnet', 'linear_class': "
            + "'autobitlinear', 'quantization_mode': 'online', 'use_rms_norm': true, 'rms_norm_eps': 0.5}";
    private static final String QWEN3 = "{'model_type': 'qwen3', 'architectures': ['Qwen3ForCausalLM'], 'head_dim': 32, "
            + "'use_sliding_window': false, 'sliding_window': 4096, 'layer_types': ['full_attention', "
            + "'full_attention'], " + SHAPE;
    private static final String ONE_BIT_LLM = "{'model_type': 'llama', 'architectures': ['BitnetForCausalLM'], "
            + "'weight_bits': 1, 'input_bits': 8, " + SHAPE + "}";

    @TempDir
    Path scratch;
    private final Arena arena = Arena.ofShared();
    private final List<Kernels> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Kernels::close);
        arena.close();
    }

    private static String config(String variant) {
        return switch (variant) {
            case "qwen3" -> QWEN3 + "}";
            case "qwen3 ternary" -> QWEN3 + ", " + PACKED + "}";
            case "input norms" -> "{'model_type': 'llama', " + SHAPE + ", " + ONLINE + "}";
            case "packed input norms" -> "{'model_type': 'bitnet', " + SHAPE + ", "
                    + PACKED.replace("}", ", 'use_rms_norm': true}") + "}";
            case "biases" -> "{'model_type': 'llama', 'attention_bias': true, 'mlp_bias': true, " + SHAPE + "}";
            case "ternary biases" -> "{'model_type': 'llama', 'attention_bias': true, 'mlp_bias': true, " + SHAPE
                    + ", " + PACKED + "}";
            case "1bitLLM" -> ONE_BIT_LLM;
            case "row scales" -> "{'model_type': 'bitnet', " + SHAPE + ", " + PACKED + "}";
            default -> throw new IllegalArgumentException(variant);
        };
    }

    private RandomFolder folder(String variant) throws IOException {
        WeightNames names = variant.equals("1bitLLM") ? WeightNames.ONE_BIT_LLM : WeightNames.HUGGING_FACE;
        return RandomFolder.write(scratch.resolve("model"), config(variant), names, variant.equals("row scales"));
    }

    private float[][] logits(Path path, String kernelName) {
        Kernels kernels = GoldenLogitsTest.kernels(kernelName);
        opened.add(kernels);
        Model model = Model.load(path, kernels, arena);
        List<float[]> logits = new ArrayList<>();
        int vocabulary = model.config().vocabularySize();
        new Decoder(model, kernels).forward(List.of(new Decoder.Step(new KvCache(model.config()), TOKENS, 0)),
                (_, _, values, offset) -> logits.add(Arrays.copyOfRange(values, offset, offset + vocabulary)));
        return logits.toArray(float[][]::new);
    }

    /// The largest difference, in terms of the largest logit.
    private static double difference(float[][] found, double[][] expected) {
        double largest = 0;
        double difference = 0;
        for (int t = 0; t < expected.length; t++) {
            for (int i = 0; i < expected[t].length; i++) {
                largest = Math.max(largest, Math.abs(expected[t][i]));
                difference = Math.max(difference, Math.abs(found[t][i] - expected[t][i]));
            }
        }
        return difference / largest;
    }

    /// Dense models to the precision of floats. Ternary ones round their inputs to 8 bits, where a last bit can decide: a
    /// step of one in 127 at worst.
    @ParameterizedTest
    @CsvSource({"qwen3, scalar, 2e-6", "qwen3, vector, 2e-6", "qwen3 ternary, scalar, 1e-3",
            "qwen3 ternary, vector, 1e-3", "input norms, scalar, 1e-3", "input norms, vector, 1e-3",
            "packed input norms, scalar, 1e-3", "biases, scalar, 2e-6", "biases, vector, 2e-6",
            "ternary biases, scalar, 1e-3", "ternary biases, vector, 1e-3", "1bitLLM, scalar, 1e-3",
            "row scales, scalar, 1e-3", "row scales, vector, 1e-3"})
    void logitsAreThoseOfTheEquations(String variant, String kernels, double tolerance) throws IOException {
        RandomFolder folder = folder(variant);
        WeightNames names = variant.equals("1bitLLM") ? WeightNames.ONE_BIT_LLM : WeightNames.HUGGING_FACE;
        double[][] expected = new PlainDecoder(folder.config(), names, folder.weights()).logits(TOKENS);
        assertThat(difference(logits(folder.path(), kernels), expected)).isLessThan(tolerance);
        for (String part : List.of("q_norm.weight", "k_norm.weight", "rms_norm.weight", "inner_attn_ln.weight",
                "ffn_layernorm.weight", "q_proj.bias", "v_proj.bias",
                "o_proj.bias", "down_proj.bias")) {
            assertThatTheTestWouldNotice(folder, names, part, expected, tolerance);
        }
    }

    private static void assertThatTheTestWouldNotice(RandomFolder folder, WeightNames names, String part,
            double[][] expected, double tolerance) {
        if (folder.weights().keySet().removeIf(name -> name.endsWith(part))) {
            double[][] without = new PlainDecoder(folder.config(), names, folder.weights()).logits(TOKENS);
            float[][] floats = new float[without.length][without[0].length];
            for (int t = 0; t < floats.length; t++) {
                for (int i = 0; i < floats[t].length; i++) {
                    floats[t][i] = (float) without[t][i];
                }
            }
            assertThat(difference(floats, expected)).as(part).isGreaterThan(2 * tolerance);
        }
    }

    @ParameterizedTest
    @CsvSource({"qwen3, qwen3, F32", "qwen3 ternary, qwen3, IQ2_BN", "biases, llama, F32",
            "ternary biases, llama, IQ1_BN", "row scales, bitnet, IQ2_BN", "row scales, bitnet, IQ2_BN_R4"})
    void asGgufTheyGiveTheSame(String variant, String architecture, GgufType linears) throws IOException {
        RandomFolder folder = folder(variant);
        GgufBuilder file = GgufConversion.of(folder.path(), architecture, linears, GgufType.F32);
        float[][] expected = logits(folder.path(), "scalar");
        if (linears == GgufType.IQ1_BN) {
            // Its scales are halves.
            assertThat(difference(logits(file.write(scratch.resolve("model.gguf")), "scalar"), doubles(expected)))
                    .isLessThan(1e-2);
        } else {
            assertThat(logits(file.write(scratch.resolve("model.gguf")), "scalar")).isEqualTo(expected);
        }
    }

    private static double[][] doubles(float[][] values) {
        double[][] doubles = new double[values.length][];
        for (int t = 0; t < values.length; t++) {
            doubles[t] = new double[values[t].length];
            for (int i = 0; i < doubles[t].length; i++) {
                doubles[t][i] = values[t][i];
            }
        }
        return doubles;
    }

    @Test
    void packingKeepsThemWhatTheyAre() throws IOException {
        for (String variant : List.of("1bitLLM", "input norms")) {
            RandomFolder folder = folder(variant);
            Path packed = scratch.resolve("packed " + variant);
            Conversion.pack(folder.path(), packed);
            assertThat(logits(packed, "scalar")).isEqualTo(logits(folder.path(), "scalar"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', value = {
            "'weight_bits': 1 ~ 'weight_bits': 2 ~ weight_bits: expected 1, found 2",
            "'input_bits': 8 ~ 'input_bits': 4 ~ input_bits: expected 8, found 4",
            "'input_bits': 8 ~ 'quantization_config': {} ~ quantization_config: expected none beside BitnetForCausalLM"})
    void otherBitsAreRefused(String text, String replacement, String message) {
        assertThatThrownBy(() -> RandomFolder.write(scratch, ONE_BIT_LLM.replace(text, replacement),
                WeightNames.ONE_BIT_LLM, false)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
    }
}
