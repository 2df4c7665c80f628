package org.ternlm.it.damage;

import static org.ternlm.it.damage.Damage.CONFIG;
import static org.ternlm.it.damage.Damage.PACKED;
import static org.ternlm.it.damage.Damage.UNTIED;
import static org.ternlm.it.damage.Damage.WEIGHTS;

import java.util.List;

/// Configurations that Tern would have to guess at, or that do not belong to the weights.
final class ConfigDamage {
    private ConfigDamage() {}

    static List<Damage> all() {
        return List.of(
                of("an unknown model type", copy -> copy.config("model_type", "'mamba'"),
                        "model_type: expected one of [bitnet, llama, qwen3], found mamba"),
                of("an unknown architecture", copy -> copy.config("architectures", "['MambaForCausalLM']"),
                        "architectures: expected one of [BitNetForCausalLM, BitnetForCausalLM, LlamaForCausalLM, "
                                + "Qwen3ForCausalLM]"),
                of("an unknown activation", copy -> copy.config("hidden_act", "'gelu'"),
                        "hidden_act: expected silu or relu2, found gelu"),
                of("an activation that is an escape sequence",
                        copy -> copy.config("hidden_act", "'\\u001b[2J\\r\\n\\u0000\\u009b31m'"),
                        "hidden_act: expected silu or relu2, found"),
                of("an activation of a million letters",
                        copy -> copy.config("hidden_act", "'" + "x".repeat(1_000_000) + "'"),
                        "hidden_act: expected silu or relu2, found xxx"),
                of("an unknown rope type",
                        copy -> copy.config("rope_scaling", "{'rope_type': 'longrope', 'factor': 4.0}"),
                        "rope type: expected default, linear or llama3, found longrope"),
                of("rope scaling by nothing", copy -> copy.config("rope_scaling", "{'type': 'linear'}"),
                        "factor: expected a number, found nothing"),
                of("an unknown quantisation", copy -> copy.replace(CONFIG, "'quant_method': 'bitnet'",
                        "'quant_method': 'gptq'"),
                        "quant_method: expected bitnet, bitnet_b1 or compressed-tensors, found gptq"),
                of("an unknown linear class", copy -> copy.replace(CONFIG, "autobitlinear", "bitlinear_v2"),
                        "linear_class: expected bitlinear or autobitlinear, found bitlinear_v2"),
                of("no quantisation", copy -> copy.json(CONFIG, config -> config.remove("quantization_config")),
                        "quantization_config: expected an object, found none"),
                of("norms inside of BitLinear, perhaps", copy -> copy.replace(CONFIG, "'quant_method'",
                        "'use_rms_norm': 1, 'quant_method'"), "use_rms_norm: expected true or false, found 1"),
                new Damage("norms inside of BitLinear that are not there", PACKED, copy -> copy.replace(CONFIG,
                        "'quant_method'", "'use_rms_norm': true, 'quant_method'"), "model.safetensors",
                        "q_proj.rms_norm.weight: expected a tensor, found none"),
                of("key-value heads that do not divide the heads", copy -> copy.config("num_key_value_heads", "3"),
                        "num_key_value_heads: expected a divisor of num_attention_heads = 8, found 3"),
                of("heads that do not divide the width", copy -> copy.config("num_attention_heads", "6"),
                        "hidden_size: expected a multiple of num_attention_heads = 6, found 256"),
                of("an odd head size", copy -> copy.config("head_dim", "31"), "head_dim: expected an even number"),
                new Damage("heads whose width overflows to the right one", UNTIED, copy -> {
                    // 12,416 · 345,922 = 2^32 + 256.
                    copy.config("num_attention_heads", "12416");
                    copy.config("num_key_value_heads", "12416");
                    copy.config("head_dim", "345922");
                }, CONFIG, "head_dim: expected "),
                of("sixteen million layers", copy -> copy.config("num_hidden_layers", "16777216"),
                        "num_hidden_layers: expected no more layers than the 56 tensors in the folder, found 16777216"),
                of("more layers than a number can hold", copy -> copy.config("num_hidden_layers", "4294967299"),
                        "num_hidden_layers: expected a whole number from 1 to 16777216, found 4294967299"),
                of("minus one layer", copy -> copy.config("num_hidden_layers", "-1"), "num_hidden_layers: expected"),
                weights("one layer more than there is", copy -> copy.config("num_hidden_layers", "4"),
                        "model.layers.3.", ": expected a tensor, found none"),
                weights("one layer less than there is", copy -> copy.config("num_hidden_layers", "2"),
                        "model.layers.2.", ": expected no such tensor in this architecture"),
                weights("a vocabulary larger than the embedding", copy -> copy.config("vocab_size", "1025"),
                        "model.embed_tokens.weight", ": expected shape [1025, 256], found [1024, 256]"),
                weights("sixteen million tokens", copy -> copy.config("vocab_size", "16777216"),
                        "model.embed_tokens.weight", ": expected shape [16777216, 256], found [1024, 256]"),
                weights("a feed-forward network of sixteen million",
                        copy -> copy.config("intermediate_size", "16777212"),
                        "model.layers.0.", ": expected "),
                of("a width that is a text", copy -> copy.config("hidden_size", "'256'"),
                        "hidden_size: expected a whole number from 1 to 16777216, found \"256\""),
                of("no width", copy -> copy.json(CONFIG, config -> config.remove("hidden_size")),
                        "hidden_size: expected a whole number from 1 to 16777216, found nothing"),
                of("no context", copy -> copy.config("max_position_embeddings", "0"),
                        "max_position_embeddings: expected a whole number"),
                of("an epsilon that is negative", copy -> copy.config("rms_norm_eps", "-1e-5"),
                        "rms_norm_eps: expected 0 to 1, found -1.0E-5"),
                of("a theta of zero", copy -> copy.config("rope_theta", "0"),
                        "rope_theta: expected a positive number, found 0.0"),
                of("a BOS outside of the vocabulary", copy -> copy.config("bos_token_id", "1024"),
                        "bos_token_id: expected a token of the vocabulary, 0 to 1023, found 1024"),
                of("an end of text outside of the vocabulary", copy -> copy.config("eos_token_id", "[2, -2]"),
                        "eos_token_id: expected a token of the vocabulary, 0 to 1023, found -2"),
                of("a window of attention", copy -> copy.config("sliding_window", "128"),
                        "sliding_window: expected null (not supported), found 128"));
    }

    private static Damage of(String name, Damage.Action action, String message) {
        return new Damage(name, PACKED, action, CONFIG, message);
    }

    /// A configuration that contradicts the weights; `place` and `message` stand in the same line.
    private static Damage weights(String name, Damage.Action action, String place, String message) {
        return new Damage(name, PACKED, action, WEIGHTS + ": " + place, message);
    }
}
