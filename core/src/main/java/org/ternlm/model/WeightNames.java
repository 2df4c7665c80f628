package org.ternlm.model;

import java.util.Arrays;
import java.util.Set;

/// What a file calls the weights of a model: the map from places to names. Names of linear layers and norms stand
/// without `.weight`; those of a layer begin with [#layer].
///
/// @param embedding of the tokens
/// @param norm the last
/// @param head to the vocabulary
/// @param layerStart what stands before the number of a layer
/// @param attentionNorm before q, k and v
/// @param query q
/// @param key k
/// @param value v
/// @param queryNorm behind q
/// @param keyNorm behind k
/// @param attentionSubNorm before o
/// @param output o
/// @param feedForwardNorm before gate and up
/// @param gate goes through the activation
/// @param up is multiplied with it
/// @param feedForwardSubNorm before down
/// @param down back to the residual
record WeightNames(String embedding, String norm, String head, String layerStart, String attentionNorm, String query,
        String key, String value, String queryNorm, String keyNorm, String attentionSubNorm, String output,
        String feedForwardNorm, String gate,
        String up, String feedForwardSubNorm, String down) {

    /// What the norm of a linear layer's own input is called behind the layer's name.
    static final String INPUT_NORM = ".rms_norm";

    /// safetensors of transformers.
    static final WeightNames HUGGING_FACE = new WeightNames("model.embed_tokens", "model.norm", "lm_head",
            "model.layers.", "input_layernorm", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj",
            "self_attn.q_norm", "self_attn.k_norm", "self_attn.attn_sub_norm", "self_attn.o_proj",
            "post_attention_layernorm", "mlp.gate_proj", "mlp.up_proj",
            "mlp.ffn_sub_norm", "mlp.down_proj");

    /// safetensors of 1bitLLM, who trained the first BitNet b1.58 models: transformers' names but for the sub-norms.
    static final WeightNames ONE_BIT_LLM = new WeightNames("model.embed_tokens", "model.norm", "lm_head",
            "model.layers.", "input_layernorm", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj",
            "self_attn.q_norm", "self_attn.k_norm", "self_attn.inner_attn_ln", "self_attn.o_proj",
            "post_attention_layernorm", "mlp.gate_proj", "mlp.up_proj", "mlp.ffn_layernorm", "mlp.down_proj");

    /// GGUF (llama.cpp, `gguf-py/gguf/tensor_mapping.py`).
    static final WeightNames GGUF = new WeightNames("token_embd", "output_norm", "output", "blk.", "attn_norm",
            "attn_q", "attn_k", "attn_v", "attn_q_norm", "attn_k_norm", "attn_sub_norm", "attn_output", "ffn_norm",
            "ffn_gate", "ffn_up",
            "ffn_sub_norm", "ffn_down");

    /// Those of a folder, which one can tell by its first sub-norm.
    static WeightNames ofFolder(Set<String> tensors) {
        return tensors.contains(ONE_BIT_LLM.layer(0) + ONE_BIT_LLM.attentionSubNorm + ".weight")
                ? ONE_BIT_LLM
                : HUGGING_FACE;
    }

    /// What the names of layer `index` begin with.
    String layer(int index) {
        return layerStart + index + ".";
    }

    /// What a linear layer is called after [#layer].
    String linear(LinearRole role) {
        return switch (role) {
            case QUERY -> query;
            case KEY -> key;
            case VALUE -> value;
            case OUTPUT -> output;
            case GATE -> gate;
            case UP -> up;
            case DOWN -> down;
        };
    }

    /// What a norm is called after [#layer].
    String norm(NormRole role) {
        return switch (role) {
            case ATTENTION -> attentionNorm;
            case QUERY -> queryNorm;
            case KEY -> keyNorm;
            case ATTENTION_SUB -> attentionSubNorm;
            case FEED_FORWARD -> feedForwardNorm;
            case FEED_FORWARD_SUB -> feedForwardSubNorm;
        };
    }

    /// What the tensor `name` is for. A tied embedding is an embedding.
    TensorPlace place(String name) {
        String module = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        if (module.equals(embedding)) {
            return TensorPlace.EMBEDDING;
        }
        if (module.equals(head)) {
            return TensorPlace.HEAD;
        }
        if (isLinear(module)) {
            return TensorPlace.LINEAR;
        }
        String part = inLayer(module);
        boolean isNorm = module.equals(norm) || part.endsWith(INPUT_NORM)
                || Arrays.stream(NormRole.values()).anyMatch(role -> part.equals(norm(role)));
        return isNorm ? TensorPlace.NORM : TensorPlace.OTHER;
    }

    private String inLayer(String name) {
        return name.startsWith(layerStart) ? name.substring(name.indexOf('.', layerStart.length()) + 1) : "";
    }

    /// Whether `name`, without `.weight`, is a linear layer's.
    boolean isLinear(String name) {
        String part = inLayer(name);
        return Arrays.stream(LinearRole.values()).anyMatch(role -> part.equals(linear(role)));
    }
}
