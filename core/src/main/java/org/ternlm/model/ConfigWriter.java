package org.ternlm.model;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ternlm.format.AtomicFile;

/// Writes a [ModelConfig] as Hugging Face's `config.json`, so that transformers and Tern read it alike.
///
/// A model with sub-norms is a `bitnet`, one with norms of heads a `qwen3`, any other a `llama`. `quantization_config` says what its linear layers are:
/// packed, master weights that become ternary when loaded, or none. Master weights of a ±1 model say `bitnet_b1`, a
/// method that others do not know, so that they refuse it instead of making it ternary.
public final class ConfigWriter {
    private ConfigWriter() {}

    /// Writes `config.json` into `folder`.
    ///
    /// @throws IllegalArgumentException if no such file can say what the model is
    /// @throws IOException if it cannot be written
    public static void write(ModelConfig config, Path folder) throws IOException {
        JsonMapper json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        AtomicFile.write(folder.resolve("config.json"),
                aside -> Files.writeString(aside, json.writeValueAsString(json(config)) + "\n"));
    }

    /// The object that `config.json` holds.
    ///
    /// @throws IllegalArgumentException if no such file can say what the model is
    public static ObjectNode json(ModelConfig config) {
        ObjectNode json = new JsonMapper().createObjectNode();
        if (config.subNorms() && config.headNorms()) {
            throw new IllegalArgumentException("no architecture of transformers has sub-norms and norms of heads");
        }
        json.putArray("architectures").add(config.subNorms()
                ? "BitNetForCausalLM"
                : config.headNorms() ? "Qwen3ForCausalLM" : "LlamaForCausalLM");
        json.put("model_type", config.subNorms() ? "bitnet" : config.headNorms() ? "qwen3" : "llama");
        json.put("vocab_size", config.vocabularySize());
        json.put("hidden_size", config.hiddenSize());
        json.put("intermediate_size", config.feedForwardSize());
        json.put("num_hidden_layers", config.layers());
        json.put("num_attention_heads", config.heads());
        json.put("num_key_value_heads", config.keyValueHeads());
        json.put("head_dim", config.headSize());
        json.put("hidden_act", config.activation().configName());
        json.put("max_position_embeddings", config.contextLength());
        // By way of text: the shortest decimal that is this float.
        json.put("rms_norm_eps", Double.parseDouble(Float.toString(config.normEpsilon())));
        json.put("rope_theta", config.ropeTheta());
        putScaling(json, config.ropeScaling());
        json.put("tie_word_embeddings", config.tiedHead());
        json.put("attention_bias", config.attentionBias());
        json.put("mlp_bias", config.feedForwardBias());
        putToken(json, config);
        putQuantization(json, config);
        return json;
    }

    private static void putScaling(ObjectNode json, RopeScaling scaling) {
        switch (scaling) {
            case RopeScaling.None none -> json.putNull("rope_scaling");
            case RopeScaling.Linear(double factor) ->
                json.putObject("rope_scaling").put("rope_type", "linear").put("factor", factor);
            case RopeScaling.Llama3(double factor, double low, double high, double original) ->
                json.putObject("rope_scaling").put("rope_type", "llama3").put("factor", factor)
                        .put("low_freq_factor", low).put("high_freq_factor", high)
                        .put("original_max_position_embeddings", (long) original);
            case RopeScaling.Factors factors ->
                throw new IllegalArgumentException("config.json has no place for a list of rotary factors");
        }
    }

    private static void putToken(ObjectNode json, ModelConfig config) {
        if (config.bosId() >= 0) {
            json.put("bos_token_id", config.bosId());
        }
        if (config.eosIds().size() == 1) {
            json.put("eos_token_id", config.eosIds().iterator().next());
        } else if (!config.eosIds().isEmpty()) {
            ArrayNode ids = json.putArray("eos_token_id");
            config.eosIds().stream().sorted().forEach(ids::add);
        }
    }

    private static void putQuantization(ObjectNode json, ModelConfig config) {
        if (config.linearKind() == LinearKind.DENSE) {
            json.putNull("quantization_config");
            return;
        }
        ObjectNode node = json.putObject("quantization_config");
        if (config.linearKind() == LinearKind.INT8_ROWS) {
            CompressedTensors.put(node, config.unconverted());
            return;
        }
        node.put("quant_method", config.linearKind() == LinearKind.MASTER_SIGN ? "bitnet_b1" : "bitnet");
        node.put("linear_class", config.linearKind() == LinearKind.PACKED_DIVIDE ? "bitlinear" : "autobitlinear");
        node.put("quantization_mode", config.linearKind().isPacked() ? "offline" : "online");
        if (config.inputNorms()) {
            node.put("use_rms_norm", true);
            node.put("rms_norm_eps", Double.parseDouble(Float.toString(config.inputNormEpsilon())));
        }
        if (!config.unconverted().isEmpty()) {
            ArrayNode names = node.putArray("modules_to_not_convert");
            config.unconverted().stream().sorted().forEach(names::add);
        }
    }
}
