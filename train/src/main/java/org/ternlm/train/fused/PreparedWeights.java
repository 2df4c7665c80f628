package org.ternlm.train.fused;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ternlm.kernel.FloatKernel;
import org.ternlm.kernel.Workers;
import org.ternlm.model.LinearKind;
import org.ternlm.model.ModelConfig;
import org.ternlm.train.torch.Parameters;
import org.ternlm.train.torch.TritCount;

/// What the products of a step multiply with, made from the master weights once a step and shared by all workers.
final class PreparedWeights implements AutoCloseable {

    /// The linear layers of one decoder layer.
    record Layer(LinearGroup attentionInput, LinearGroup attentionOutput, LinearGroup gateUp, LinearGroup down) {
        Stream<LinearGroup> groups() {
            return Stream.of(attentionInput, attentionOutput, gateUp, down);
        }
    }

    private final List<Layer> layers = new ArrayList<>();
    private final LinearGroup head;
    private final List<LinearGroup> all;

    PreparedWeights(ModelConfig config, Parameters parameters, FusedPass.Plan plan, FloatKernel kernel) {
        LinearKind kind = config.linearKind();
        for (int i = 0; i < config.layers(); i++) {
            String attention = "model.layers." + i + ".self_attn.";
            String mlp = "model.layers." + i + ".mlp.";
            layers.add(new Layer(
                    new LinearGroup(kind, parameters, List.of(attention + "q_proj.weight", attention + "k_proj.weight",
                            attention + "v_proj.weight"), plan, kernel),
                    new LinearGroup(kind, parameters, List.of(attention + "o_proj.weight"), plan, kernel),
                    new LinearGroup(kind, parameters, List.of(mlp + "gate_proj.weight", mlp + "up_proj.weight"),
                            plan, kernel),
                    new LinearGroup(kind, parameters, List.of(mlp + "down_proj.weight"), plan, kernel)));
        }
        head = new LinearGroup(LinearKind.DENSE, parameters,
                List.of(config.tiedHead() ? "model.embed_tokens.weight" : "lm_head.weight"), plan, kernel);
        all = Stream.concat(layers.stream().flatMap(Layer::groups), Stream.of(head)).toList();
    }

    /// Makes all operands anew.
    ///
    /// @param share how ternary the weights are, 0 to 1
    void prepare(float share, Workers workers) {
        workers.share(all.size(), 1, Integer.MAX_VALUE, (from, to) -> {
            for (int i = from; i < to; i++) {
                all.get(i).prepare(share);
            }
        });
    }

    Layer layer(int index) {
        return layers.get(index);
    }

    LinearGroup head() {
        return head;
    }

    /// Shares of -1, 0 and +1, and of the trits that the last preparation changed; zeros without ternary weights.
    TritCount count() {
        long[] counts = new long[3];
        long flips = 0;
        for (LinearGroup group : all) {
            for (int i = 0; i < 3; i++) {
                counts[i] += group.counts()[i];
            }
            flips += group.flips();
        }
        return new TritCount(counts[0], counts[1], counts[2], flips);
    }

    @Override
    public void close() {
        all.forEach(LinearGroup::close);
    }
}
