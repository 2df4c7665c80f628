package org.ternlm.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ternlm.format.ModelFormatException;

/// Reads a [ModelConfig] out of Hugging Face's `config.json`, in the spelling of transformers 4 and 5. Whatever would
/// change the arithmetic and is not known is refused, never guessed.
final class ConfigReader {
    private static final int LARGEST = 1 << 24;
    private static final Set<String> TYPES = Set.of("llama", "bitnet", "qwen3");
    /// 1bitLLM's models call themselves `llama`, and this.
    private static final String ONE_BIT_LLM = "BitnetForCausalLM";
    private static final Set<String> ARCHITECTURES = Set.of("LlamaForCausalLM", "BitNetForCausalLM", ONE_BIT_LLM,
            "Qwen3ForCausalLM");
    /// Keys of relatives of these architectures: their presence with another value means other arithmetic.
    private static final Map<String, Set<String>> NEUTRAL = Map.of("partial_rotary_factor", Set.of("1.0", "1"),
            "use_sliding_window", Set.of("false"), "use_qk_norm", Set.of("false"), "qk_norm", Set.of("false"),
            "logit_scale", Set.of("1", "1.0"), "embedding_multiplier", Set.of("1", "1.0"), "residual_multiplier",
            Set.of("1", "1.0"), "attention_multiplier", Set.of("null"));

    private final ObjectNode config;
    private final Path file;

    private ConfigReader(ObjectNode config, Path file) {
        this.config = config;
        this.file = file;
    }

    /// @throws ModelFormatException if a value is missing, impossible or not supported
    static ModelConfig read(ObjectNode config, Path file) {
        return new ConfigReader(config, file).read();
    }

    private ModelConfig read() {
        String type = text(config, "model_type");
        if (!TYPES.contains(type)) {
            throw refuse("model_type", "one of " + TYPES.stream().sorted().toList(), type);
        }
        boolean oneBitLlm = false;
        for (JsonNode name : config.path("architectures")) {
            if (!ARCHITECTURES.contains(name.asText())) {
                throw refuse("architectures", "one of " + ARCHITECTURES.stream().sorted().toList(), name);
            }
            oneBitLlm |= name.asText().equals(ONE_BIT_LLM);
        }
        NEUTRAL.forEach(this::checkNeutral);
        checkFullAttention();
        int hidden = size(config, "hidden_size");
        int heads = size(config, "num_attention_heads");
        int headSize = config.hasNonNull("head_dim") ? size(config, "head_dim") : evenShare(hidden, heads);
        if (headSize % 2 != 0) {
            throw refuse("head_dim", "an even number, for rotary pairs", headSize);
        }
        // As a product of ints it could wrap around to the width that the tensors have.
        if ((long) heads * headSize > LARGEST) {
            throw refuse("head_dim", "at most %d / %d heads".formatted(LARGEST, heads), headSize);
        }
        int keyValueHeads = config.hasNonNull("num_key_value_heads") ? size(config, "num_key_value_heads") : heads;
        if (heads % keyValueHeads != 0) {
            throw refuse("num_key_value_heads", "a divisor of num_attention_heads = " + heads, keyValueHeads);
        }
        int vocabulary = size(config, "vocab_size");
        Quantization quantization = oneBitLlm ? oneBitLlm() : quantization();
        return new ModelConfig(type, vocabulary, hidden, size(config, "intermediate_size"),
                size(config, "num_hidden_layers"), heads, keyValueHeads, headSize,
                size(config, "max_position_embeddings"), epsilon(), activation(), ropeTheta(), ropeScaling(),
                flag("tie_word_embeddings"), type.equals("bitnet") || oneBitLlm, type.equals("qwen3"),
                quantization.inputNormEpsilon, flag("attention_bias"), flag("mlp_bias"), quantization.kind,
                quantization.unconverted, bosId(vocabulary), eosIds(vocabulary));
    }

    private int evenShare(int hidden, int heads) {
        if (hidden % heads != 0) {
            throw refuse("hidden_size", "a multiple of num_attention_heads = " + heads, hidden);
        }
        return hidden / heads;
    }

    private float epsilon() {
        double value = number(config, "rms_norm_eps");
        if (!(value >= 0) || value > 1) {
            throw refuse("rms_norm_eps", "0 to 1", value);
        }
        return (float) value;
    }

    private Activation activation() {
        String name = text(config, "hidden_act");
        return Activation.named(name).orElseThrow(() -> refuse("hidden_act", "silu or relu2", name));
    }

    private double ropeTheta() {
        JsonNode parameters = config.path("rope_parameters");
        double theta = parameters.has("rope_theta")
                ? number(parameters, "rope_theta")
                : config.has("rope_theta") ? number(config, "rope_theta") : 10_000;
        if (!(theta > 0) || Double.isInfinite(theta)) {
            throw refuse("rope_theta", "a positive number", theta);
        }
        return theta;
    }

    private RopeScaling ropeScaling() {
        JsonNode node = config.hasNonNull("rope_parameters")
                ? config.get("rope_parameters")
                : config.path("rope_scaling");
        if (node.isMissingNode() || node.isNull()) {
            return new RopeScaling.None();
        }
        String type = node.path("rope_type").asText(node.path("type").asText("default"));
        return switch (type) {
            case "default" -> new RopeScaling.None();
            case "linear" -> new RopeScaling.Linear(positive(node, "factor"));
            case "llama3" -> {
                double low = positive(node, "low_freq_factor");
                double high = positive(node, "high_freq_factor");
                if (high <= low) {
                    throw refuse("high_freq_factor", "more than low_freq_factor = " + low, high);
                }
                yield new RopeScaling.Llama3(positive(node, "factor"), low, high,
                        positive(node, "original_max_position_embeddings"));
            }
            default -> throw refuse("rope type", "default, linear or llama3", type);
        };
    }

    /// A window counts only where it is not switched off.
    private void checkFullAttention() {
        if (config.hasNonNull("sliding_window") && !config.has("use_sliding_window")) {
            throw refuse("sliding_window", "null (not supported)", config.get("sliding_window"));
        }
        for (JsonNode layer : config.path("layer_types")) {
            if (!layer.asText().equals("full_attention")) {
                throw refuse("layer_types", "full_attention everywhere", layer);
            }
        }
    }

    /// 1bitLLM's own words: master weights of 1 bit (which is 1.58 there), inputs of 8.
    private Quantization oneBitLlm() {
        checkOneOf(config, "weight_bits", "1", List.of("1"));
        checkOneOf(config, "input_bits", "8", List.of("8"));
        if (config.hasNonNull("quantization_config")) {
            throw refuse("quantization_config", "none beside " + ONE_BIT_LLM, config.get("quantization_config"));
        }
        return new Quantization(LinearKind.MASTER_TERNARY, Set.of(), -1);
    }

    /// @param inputNormEpsilon -1 where there are no such norms
    private record Quantization(LinearKind kind, Set<String> unconverted, float inputNormEpsilon) {}

    private float inputNormEpsilon(JsonNode node) {
        JsonNode use = node.path("use_rms_norm");
        if (!use.isBoolean() && !use.isMissingNode() && !use.isNull()) {
            throw refuse("use_rms_norm", "true or false", use);
        }
        if (!use.asBoolean(false)) {
            return -1;
        }
        double epsilon = node.hasNonNull("rms_norm_eps") ? number(node, "rms_norm_eps") : 1e-6;
        if (!(epsilon >= 0) || epsilon > 1) {
            throw refuse("rms_norm_eps", "0 to 1", epsilon);
        }
        return (float) epsilon;
    }

    private Quantization quantization() {
        JsonNode node = config.path("quantization_config");
        if (node.isMissingNode() || node.isNull()) {
            // transformers takes a missing object for dense layers; so does Tern where the file says so expressly.
            if (config.path("model_type").asText().equals("bitnet") && !node.isNull()) {
                throw ModelFormatException.in(file).at("quantization_config").expected("an object").found("none")
                        .hint("packed, master or dense weights? null says dense").problem();
            }
            return new Quantization(LinearKind.DENSE, Set.of(), -1);
        }
        String method = text(node, "quant_method");
        float inputNorm = inputNormEpsilon(node);
        Set<String> unconverted = new HashSet<>();
        node.path("modules_to_not_convert").forEach(name -> unconverted.add(name.asText()));
        boolean online = node.path("quantization_mode").asText("offline").equals("online");
        return switch (method) {
            case "bitnet" -> new Quantization(online ? LinearKind.MASTER_TERNARY : packedKind(node), unconverted,
                    inputNorm);
            case "bitnet_b1" -> {
                if (!online) {
                    throw refuse("quantization_mode", "online for bitnet_b1", node.path("quantization_mode"));
                }
                yield new Quantization(LinearKind.MASTER_SIGN, unconverted, inputNorm);
            }
            case "compressed-tensors" -> new Quantization(LinearKind.INT8_ROWS, CompressedTensors.ignored(node, file),
                    -1);
            default -> throw refuse("quant_method", "bitnet, bitnet_b1 or compressed-tensors", method);
        };
    }

    private LinearKind packedKind(JsonNode node) {
        checkOneOf(node, "quantization_mode", "offline", List.of("offline"));
        String linearClass = node.path("linear_class").asText("bitlinear");
        return switch (linearClass) {
            case "autobitlinear" -> LinearKind.PACKED_MULTIPLY;
            case "bitlinear" -> LinearKind.PACKED_DIVIDE;
            default -> throw refuse("linear_class", "bitlinear or autobitlinear", linearClass);
        };
    }

    private void checkOneOf(JsonNode node, String key, String missing, List<String> allowed) {
        String value = node.path(key).asText(missing);
        if (!allowed.contains(value)) {
            throw refuse(key, String.join(" or ", allowed), value);
        }
    }

    private void checkNeutral(String key, Set<String> neutral) {
        if (config.hasNonNull(key) && !neutral.contains(config.get(key).asText())) {
            throw refuse(key, "no other value than " + neutral + " in this architecture", config.get(key));
        }
    }

    private int bosId(int vocabulary) {
        JsonNode node = config.path("bos_token_id");
        return node.isMissingNode() || node.isNull() ? -1 : token("bos_token_id", node, vocabulary);
    }

    private Set<Integer> eosIds(int vocabulary) {
        Set<Integer> ids = new HashSet<>();
        JsonNode node = config.path("eos_token_id");
        if (node.isArray()) {
            node.forEach(id -> ids.add(token("eos_token_id", id, vocabulary)));
        } else if (!node.isMissingNode() && !node.isNull()) {
            ids.add(token("eos_token_id", node, vocabulary));
        }
        return ids;
    }

    private int token(String key, JsonNode node, int vocabulary) {
        if (!node.canConvertToInt() || !node.isIntegralNumber() || node.asInt() < 0 || node.asInt() >= vocabulary) {
            throw refuse(key, "a token of the vocabulary, 0 to " + (vocabulary - 1), node);
        }
        return node.asInt();
    }

    private boolean flag(String key) {
        JsonNode node = config.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return false;
        }
        if (!node.isBoolean()) {
            throw refuse(key, "true or false", node);
        }
        return node.asBoolean();
    }

    private int size(JsonNode node, String key) {
        JsonNode value = node.path(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < 1 || value.asInt() > LARGEST) {
            throw refuse(key, "a whole number from 1 to " + LARGEST, value.isMissingNode() ? null : value);
        }
        return value.asInt();
    }

    private double positive(JsonNode node, String key) {
        double value = number(node, key);
        if (!(value > 0) || Double.isInfinite(value)) {
            throw refuse(key, "a positive number", value);
        }
        return value;
    }

    private double number(JsonNode node, String key) {
        JsonNode value = node.path(key);
        if (!value.isNumber()) {
            throw refuse(key, "a number", value.isMissingNode() ? null : value);
        }
        return value.asDouble();
    }

    private String text(JsonNode node, String key) {
        JsonNode value = node.path(key);
        if (!value.isTextual()) {
            throw refuse(key, "a name", value.isMissingNode() ? null : value);
        }
        return value.asText();
    }

    private ModelFormatException refuse(String key, String expected, @Nullable Object found) {
        return ModelFormatException.in(file).at(key).expected(expected).found(found == null ? "nothing" : found)
                .problem();
    }
}
