package org.ternlm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.format.ModelFormatException;

class ConfigReaderTest {
    private static final String BITNET = """
            {'model_type': 'bitnet', 'architectures': ['BitNetForCausalLM'], 'vocab_size': 1000, 'hidden_size': 96,
             'intermediate_size': 200, 'num_hidden_layers': 5, 'num_attention_heads': 6, 'num_key_value_heads': 2,
             'hidden_act': 'relu2', 'max_position_embeddings': 77, 'rms_norm_eps': 1e-12, 'rope_theta': 500000.0,
             'bos_token_id': 1, 'eos_token_id': [2, 3], 'tie_word_embeddings': true,
             'quantization_config': {'quant_method': 'bitnet', 'linear_class': 'autobitlinear',
                                     'quantization_mode': 'offline'}}""";
    private static final String LLAMA = """
            {'model_type': 'llama', 'vocab_size': 1000, 'hidden_size': 96, 'intermediate_size': 200,
             'num_hidden_layers': 5, 'num_attention_heads': 6, 'hidden_act': 'silu', 'max_position_embeddings': 77,
             'rms_norm_eps': 1e-6, 'bos_token_id': null}""";

    /// Reads a configuration with ' for ".
    private static ModelConfig read(String json) {
        try {
            return ConfigReader.read((ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"')),
                    Path.of("folder", "config.json"));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    /// The LLaMA configuration with another member.
    private static ModelConfig llama(String member) {
        return read(LLAMA.replace("'bos_token_id': null", member));
    }

    private static ModelConfig bitnet(String text, String replacement) {
        assertThat(BITNET).contains(text);
        return read(BITNET.replace(text, replacement));
    }

    @Test
    void readsAllThatABitnetModelSays() {
        assertThat(read(BITNET)).isEqualTo(new ModelConfig("bitnet", 1000, 96, 200, 5, 6, 2, 16, 77, 1e-12f,
                Activation.RELU_SQUARED, 500_000, new RopeScaling.None(), true, true, false, false,
                LinearKind.PACKED_MULTIPLY, Set.of(), 1, Set.of(2, 3)));
    }

    @Test
    void fillsInWhatALlamaModelMayLeaveOut() {
        assertThat(read(LLAMA)).isEqualTo(new ModelConfig("llama", 1000, 96, 200, 5, 6, 6, 16, 77, 1e-6f,
                Activation.SILU, 10_000, new RopeScaling.None(), false, false, false, false, LinearKind.DENSE, Set.of(),
                -1, Set.of()));
    }

    @Test
    void takesTheEpsilonOfTheModel() {
        assertThat(read(BITNET).normEpsilon()).isEqualTo(1e-12f);
        assertThat(read(LLAMA).normEpsilon()).isEqualTo(1e-6f);
    }

    @Test
    void writesWhatItReads() {
        for (String json : new String[] {BITNET, LLAMA, LLAMA.replace("'llama'", "'qwen3'"),
                BITNET.replace("'offline'}", "'offline', 'use_rms_norm': true}")}) {
            ModelConfig config = read(json);
            assertThat(ConfigReader.read(ConfigWriter.json(config), Path.of("config.json"))).isEqualTo(config);
        }
        assertThat(read(LLAMA.replace("'llama'", "'qwen3'")).headNorms()).isTrue();
        assertThat(read(LLAMA).headNorms()).isFalse();
        assertThat(bitnet("'offline'}", "'offline', 'use_rms_norm': true}").inputNormEpsilon()).isEqualTo(1e-6f);
        assertThat(read(BITNET).inputNorms()).isFalse();
    }

    @Test
    void takesAHeadSizeThatIsNotTheShareOfTheWidth() {
        ModelConfig config = llama("'head_dim': 24, 'num_key_value_heads': 3");
        assertThat(config.headSize()).isEqualTo(24);
        assertThat(config.querySize()).isEqualTo(144);
        assertThat(config.keyValueSize()).isEqualTo(72);
    }

    @Test
    void findsRopeWhereTransformers4And5PutIt() {
        assertThat(llama("'rope_theta': 5e5, 'rope_scaling': null").ropeTheta()).isEqualTo(5e5);
        ModelConfig five = llama("'rope_parameters': {'rope_type': 'default', 'rope_theta': 5e5}");
        assertThat(five.ropeTheta()).isEqualTo(5e5);
        assertThat(five.ropeScaling()).isEqualTo(new RopeScaling.None());
        assertThat(llama("'rope_scaling': {'type': 'linear', 'factor': 4}").ropeScaling())
                .isEqualTo(new RopeScaling.Linear(4));
        RopeScaling.Llama3 llama3 = new RopeScaling.Llama3(8, 1, 4, 8192);
        assertThat(llama("'rope_theta': 5e5, 'rope_scaling': {'rope_type': 'llama3', 'factor': 8, 'low_freq_factor': 1,"
                + " 'high_freq_factor': 4, 'original_max_position_embeddings': 8192}").ropeScaling())
                .isEqualTo(llama3);
        assertThat(llama("'rope_parameters': {'rope_theta': 5e5, 'rope_type': 'llama3', 'factor': 8,"
                + " 'low_freq_factor': 1, 'high_freq_factor': 4, 'original_max_position_embeddings': 8192}")
                .ropeScaling()).isEqualTo(llama3);
    }

    @Test
    void knowsWhatTheLinearLayersAreMadeOf() {
        assertThat(bitnet("autobitlinear", "bitlinear").linearKind()).isEqualTo(LinearKind.PACKED_DIVIDE);
        assertThat(bitnet("offline", "online").linearKind()).isEqualTo(LinearKind.MASTER_TERNARY);
        assertThat(read(BITNET.replace("'quant_method': 'bitnet'", "'quant_method': 'bitnet_b1'")
                .replace("offline", "online")).linearKind()).isEqualTo(LinearKind.MASTER_SIGN);
        assertThat(bitnet("'offline'}", "'offline', 'modules_to_not_convert': ['lm_head', 'mlp.down_proj']}")
                .unconverted()).containsExactlyInAnyOrder("lm_head", "mlp.down_proj");
        // As transformers has it, where nothing is said.
        assertThat(bitnet("'linear_class': 'autobitlinear',", "").linearKind()).isEqualTo(LinearKind.PACKED_DIVIDE);
    }

    @Test
    void readsBiasesAndEndsOfText() {
        ModelConfig config = llama("'attention_bias': true, 'mlp_bias': true, 'eos_token_id': 7, 'bos_token_id': 0");
        assertThat(config.attentionBias()).isTrue();
        assertThat(config.feedForwardBias()).isTrue();
        assertThat(config.eosIds()).containsExactly(7);
        assertThat(config.bosId()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', value = {
            "'bitnet', 'arch ~ 'mamba', 'arch ~ model_type: expected one of [bitnet, llama, qwen3], found mamba",
            "'bitnet', 'arch ~ 7, 'arch ~ model_type: expected a name, found 7",
            "BitNetForCausalLM ~ BitNetForSpeech ~ architectures: expected one of",
            "'relu2' ~ 'gelu' ~ hidden_act: expected silu or relu2, found gelu",
            "'relu2' ~ 'RELU2' ~ hidden_act",
            "'hidden_act' ~ 'hidden_activation' ~ hidden_act: expected a name, found nothing",
            "'num_key_value_heads': 2 ~ 'num_key_value_heads': 4 ~ num_key_value_heads: expected a divisor of num_attention_heads = 6, found 4",
            "'num_attention_heads': 6 ~ 'num_attention_heads': 7 ~ hidden_size: expected a multiple of num_attention_heads = 7",
            "'num_attention_heads': 6 ~ 'num_attention_heads': 6, 'head_dim': 15 ~ head_dim: expected an even number",
            "'num_hidden_layers': 5 ~ 'num_hidden_layers': 0 ~ num_hidden_layers: expected a whole number from 1",
            "'num_hidden_layers': 5 ~ 'num_hidden_layers': 2.5 ~ num_hidden_layers",
            "'num_hidden_layers': 5 ~ 'num_hidden_layers': '5' ~ num_hidden_layers",
            "'num_hidden_layers': 5 ~ 'num_hidden_layers': 99999999999 ~ num_hidden_layers",
            "'vocab_size': 1000 ~ 'vocab_size': -1 ~ vocab_size", "1e-12 ~ -1e-12 ~ rms_norm_eps: expected 0 to 1",
            "1e-12 ~ null ~ rms_norm_eps: expected a number", "1e-12 ~ 1e400 ~ rms_norm_eps",
            "500000.0 ~ 0 ~ rope_theta: expected a positive number", "500000.0 ~ 'big' ~ rope_theta: expected a number",
            "'rope_theta' ~ 'rope_scaling': {'rope_type': 'yarn', 'factor': 4}, 'rope_theta' ~ rope type: expected default, linear or llama3, found yarn",
            "'rope_theta' ~ 'rope_scaling': {'type': 'linear', 'factor': 0}, 'rope_theta' ~ factor: expected a positive number",
            "'rope_theta' ~ 'rope_scaling': {'rope_type': 'llama3', 'factor': 8, 'low_freq_factor': 4, 'high_freq_factor': 4}, 'rope_theta' ~ high_freq_factor: expected more than",
            "'quant_method': 'bitnet' ~ 'quant_method': 'gptq' ~ quant_method: expected bitnet, bitnet_b1 or compressed-tensors, found gptq",
            "'quant_method': 'bitnet' ~ 'quant_method': 'bitnet_b1' ~ quantization_mode: expected online",
            "'autobitlinear' ~ 'bitlinear2' ~ linear_class: expected bitlinear or autobitlinear, found bitlinear2",
            "'offline' ~ 'sideways' ~ quantization_mode: expected offline, found sideways",
            "'offline'} ~ 'offline', 'use_rms_norm': 'yes'} ~ use_rms_norm: expected true or false, found \"yes\"",
            "'offline'} ~ 'offline', 'use_rms_norm': true, 'rms_norm_eps': -1} ~ rms_norm_eps: expected 0 to 1",
            "'rope_theta' ~ 'use_sliding_window': true, 'rope_theta' ~ use_sliding_window",
            "'rope_theta' ~ 'layer_types': ['sliding_attention'], 'rope_theta' ~ layer_types: expected full_attention",
            "'quantization_config' ~ 'quantisation_config' ~ quantization_config: expected an object, found none",
            "'bos_token_id': 1 ~ 'bos_token_id': 1000 ~ bos_token_id: expected a token of the vocabulary, 0 to 999, found 1000",
            "'bos_token_id': 1 ~ 'bos_token_id': -1 ~ bos_token_id",
            "[2, 3] ~ [2, 1000] ~ eos_token_id: expected a token of the vocabulary",
            "'tie_word_embeddings': true ~ 'tie_word_embeddings': 1 ~ tie_word_embeddings: expected true or false",
            "'rope_theta' ~ 'sliding_window': 4096, 'rope_theta' ~ sliding_window",
            "'rope_theta' ~ 'partial_rotary_factor': 0.5, 'rope_theta' ~ partial_rotary_factor",
            "'rope_theta' ~ 'use_qk_norm': true, 'rope_theta' ~ use_qk_norm"})
    void refusesWhatItWouldHaveToGuess(String text, String replacement, String message) {
        assertThatThrownBy(() -> bitnet(text, replacement)).isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith(Path.of("folder", "config.json") + ": ").hasMessageContaining(message);
    }
}
