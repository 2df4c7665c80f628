package org.ternlm.train.torch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.ternlm.model.ModelConfig;

/// The whole network in double: one forward and one backward pass over given weights.
final class ReferenceNetwork {
    private final ModelConfig config;
    private final Map<String, Matrix> weights = new LinkedHashMap<>();
    private final Tape tape = new Tape();
    private final ReferenceBitLinear linears;
    private final ReferenceAttention attention;

    /// A network for sequences of `length` tokens; `rounding` as in [ReferenceBitLinear].
    ReferenceNetwork(ModelConfig config, Map<String, float[]> values, int length, boolean rounding) {
        this.config = config;
        WeightBlock.shapes(config).forEach((name, shape) -> {
            int rows = shape.length == 1 ? 1 : (int) shape[0];
            weights.put(name, Matrix.of(rows, (int) shape[shape.length - 1],
                    Objects.requireNonNull(values.get(name), name)));
        });
        linears = new ReferenceBitLinear(tape, rounding);
        attention = new ReferenceAttention(config, length, tape);
    }

    /// All weights, with their gradients after [#backward].
    Map<String, Matrix> weights() {
        return weights;
    }

    /// See [ReferenceBitLinear#margin].
    double margin() {
        return linears.margin();
    }

    void backward() {
        tape.backward();
    }

    /// The mean loss over sequences that lie one after the other.
    double loss(int[] inputs, int[] targets) {
        Matrix x = tape.embedding(weight("model.embed_tokens"), inputs);
        for (int i = 0; i < config.layers(); i++) {
            x = layer(x, "model.layers." + i + ".");
        }
        x = norm(x, "model.norm");
        Matrix head = weight(config.tiedHead() ? "model.embed_tokens" : "lm_head");
        return tape.crossEntropy(tape.linear(x, head), targets);
    }

    private Matrix layer(Matrix x, String name) {
        Matrix middle = tape.add(x, attention(norm(x, name + "input_layernorm"), name + "self_attn."));
        return tape.add(middle, feedForward(norm(middle, name + "post_attention_layernorm"), name + "mlp."));
    }

    /// Attention from the projections of q, k and v to that of o.
    Matrix attention(Matrix x, String name) {
        Matrix query = attention.rotate(linear(x, name + "q_proj"));
        Matrix key = attention.rotate(linear(x, name + "k_proj"));
        Matrix mixed = attention.attend(query, key, linear(x, name + "v_proj"));
        return linear(config.subNorms() ? norm(mixed, name + "attn_sub_norm") : mixed, name + "o_proj");
    }

    /// The gated feed-forward network.
    Matrix feedForward(Matrix x, String name) {
        Matrix gate = linear(x, name + "gate_proj");
        Matrix active = switch (config.activation()) {
            case SILU -> tape.silu(gate);
            case RELU_SQUARED -> tape.reluSquared(gate);
        };
        Matrix gated = tape.multiply(active, linear(x, name + "up_proj"));
        return linear(config.subNorms() ? norm(gated, name + "ffn_sub_norm") : gated, name + "down_proj");
    }

    /// The norm of that name.
    Matrix norm(Matrix x, String name) {
        return tape.norm(x, weight(name), config.normEpsilon());
    }

    /// The linear layer of that name.
    Matrix linear(Matrix x, String name) {
        return linears.apply(config.linearKind(), x, weight(name));
    }

    private Matrix weight(String name) {
        return Objects.requireNonNull(weights.get(name + ".weight"), name);
    }
}
