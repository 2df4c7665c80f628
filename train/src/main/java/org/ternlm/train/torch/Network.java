package org.ternlm.train.torch;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.embedding;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.rms_norm;
import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;
import static org.bytedeco.pytorch.global.torch.silu;

import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ternlm.model.ModelConfig;

/// The forward pass of a [ModelConfig] in libtorch's own operations, which keeps track of gradients by itself: the same
/// network that [org.ternlm.model.Decoder] runs, on any device.
///
/// Not thread-safe. The caller owns a scope around each call; what a layer leaves behind is freed with the layer, but
/// for what the backward pass needs.
final class Network implements AutoCloseable {
    /// libtorch's number for adding up instead of averaging.
    private static final long SUM = 2;

    private final ModelConfig config;
    private final Map<String, Tensor> weights;
    private final RotaryTables rotary;
    private double share = 1;

    /// @param weights by name, all on one device
    Network(ModelConfig config, Map<String, Tensor> weights) {
        this.config = config;
        this.weights = weights;
        rotary = new RotaryTables(config, get("model.norm.weight").device());
    }

    private Tensor get(String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }

    /// From now on the linear weights are W + share · (Q(W) - W).
    void setShare(double value) {
        share = value;
    }

    /// Σ loss in nats of predicting `targets` from `inputs`, both `[batch, length]` of int64; targets below 0 do not
    /// count.
    ///
    /// @param mask what each token sees, `[batch, 1, length, length]` of bool; undefined: all before it
    Tensor loss(Tensor inputs, Tensor targets, TensorOptional mask, Precision precision) {
        Tensor logits = logits(inputs, mask, precision);
        return cross_entropy_loss(logits.view(-1, config.vocabularySize()).to(ScalarType.Float), targets.view(-1),
                new TensorOptional(), SUM, Sequences.NONE, 0);
    }

    /// Logits, `[batch, length, vocabulary]`.
    Tensor logits(Tensor inputs, TensorOptional mask, Precision precision) {
        PointerScope outer = PointerScope.getInnerScope();
        Tensor x = embedding(get("model.embed_tokens.weight"), inputs);
        for (int i = 0; i < config.layers(); i++) {
            try (PointerScope scope = new PointerScope()) {
                x = layer(x, "model.layers." + i + ".", mask, precision);
                if (outer != null) {
                    outer.attach(x);
                }
            }
        }
        x = norm(x, "model.norm.weight", config.hiddenSize());
        Tensor head = get(config.tiedHead() ? "model.embed_tokens.weight" : "lm_head.weight");
        return linear(precision.cast(x), precision.cast(head));
    }

    private Tensor layer(Tensor x, String name, TensorOptional mask, Precision precision) {
        Tensor attended = attention(norm(x, name + "input_layernorm.weight", config.hiddenSize()), name + "self_attn.",
                mask, precision);
        Tensor middle = x.add(attended);
        Tensor fed = feedForward(norm(middle, name + "post_attention_layernorm.weight", config.hiddenSize()),
                name + "mlp.", precision);
        return middle.add(fed);
    }

    Tensor attention(Tensor x, String name, TensorOptional mask, Precision precision) {
        long batch = x.size(0);
        long length = x.size(1);
        Tensor query = heads(project(x, name + "q_proj", precision), batch, length, config.heads());
        Tensor key = heads(project(x, name + "k_proj", precision), batch, length, config.keyValueHeads());
        Tensor value = heads(project(x, name + "v_proj", precision), batch, length, config.keyValueHeads());
        Tensor mixed = scaled_dot_product_attention(rotary.apply(query), rotary.apply(key), value, mask,
                0, !mask.has_value(), new DoubleOptional(), config.heads() != config.keyValueHeads());
        Tensor joined = mixed.transpose(1, 2).reshape(batch, length, config.querySize());
        if (config.subNorms()) {
            joined = norm(joined, name + "attn_sub_norm.weight", config.querySize());
        }
        return project(joined, name + "o_proj", precision);
    }

    /// `[batch, heads, length, headSize]` in float: the backward pass of attention is slow in bfloat16.
    private Tensor heads(Tensor x, long batch, long length, long heads) {
        return x.to(ScalarType.Float).view(batch, length, heads, config.headSize()).transpose(1, 2);
    }

    Tensor feedForward(Tensor x, String name, Precision precision) {
        Tensor gate = project(x, name + "gate_proj", precision);
        Tensor up = project(x, name + "up_proj", precision);
        Tensor active = switch (config.activation()) {
            case SILU -> silu(gate);
            case RELU_SQUARED -> gate.relu().square();
        };
        Tensor gated = active.mul(up);
        if (config.subNorms()) {
            gated = norm(gated, name + "ffn_sub_norm.weight", config.feedForwardSize());
        }
        return project(gated, name + "down_proj", precision);
    }

    private Tensor project(Tensor x, String name, Precision precision) {
        return FakeQuantization.apply(config.linearKind(), x.to(ScalarType.Float), get(name + ".weight"),
                precision, share).to(ScalarType.Float);
    }

    Tensor norm(Tensor x, String name, long width) {
        return rms_norm(x, new long[] {width}, new TensorOptional(get(name)),
                new DoubleOptional(config.normEpsilon()));
    }

    @Override
    public void close() {
        rotary.close();
    }
}
