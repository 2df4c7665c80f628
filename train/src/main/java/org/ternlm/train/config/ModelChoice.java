package org.ternlm.train.config;

import java.util.Map;
import java.util.Set;
import org.ternlm.format.ModelFormatException;
import org.ternlm.model.Activation;
import org.ternlm.model.LinearKind;
import org.ternlm.model.MasterWeights;
import org.ternlm.model.ModelConfig;
import org.ternlm.model.RopeScaling;

/// What is trained.
///
/// @param arm what the linear layers are
/// @param architecture the model, without a vocabulary where that comes with the tokenizer
public record ModelChoice(Arm arm, ModelConfig architecture) {

    /// A model of the shape that `section` says.
    static ModelChoice read(Section section) {
        Arm arm = section.choice("arm", Arm.byName(), "b158");
        int hidden = (int) section.whole("hidden", 2, 1 << 20);
        int heads = (int) section.whole("heads", 1, 1 << 16);
        int keyValueHeads = (int) section.whole("key_value_heads", 1, heads, heads);
        if (heads % keyValueHeads != 0) {
            throw section.problem("key_value_heads", "a divisor of heads = " + heads);
        }
        if (!section.has("head_size") && hidden % (2 * heads) != 0) {
            throw section.problem("hidden", "an even multiple of heads = " + heads);
        }
        int headSize = (int) section.whole("head_size", 2, hidden, hidden / heads);
        if (headSize % 2 != 0) {
            throw section.problem("head_size", "an even number");
        }
        boolean subNorms = section.flag("sub_norms", true);
        return new ModelChoice(arm, new ModelConfig(subNorms ? "bitnet" : "llama", 1, hidden,
                (int) section.whole("feed_forward", 1, 1 << 22), (int) section.whole("layers", 1, 1024), heads,
                keyValueHeads, headSize, (int) section.whole("context", 2, 1 << 20),
                (float) section.number("norm_epsilon", 0, 1, 1e-5),
                section.choice("activation", Map.of("silu", Activation.SILU, "relu2", Activation.RELU_SQUARED),
                        "relu2"),
                section.number("rope_theta", 1, 1e12, 10_000), new RopeScaling.None(), section.flag("tied_head", true),
                subNorms, false, false, arm.linearKind(), Set.of(), -1, Set.of()));
    }

    /// The model in the folder of `start`, with the linear layers that `section` says, or those that it has.
    static ModelChoice read(Section section, Start start) {
        ModelConfig found = MasterWeights.readConfig(start.folder());
        if (found.attentionBias() || found.feedForwardBias() || !found.unconverted().isEmpty()) {
            throw ModelFormatException.in(start.folder()).expected("linear layers without biases, all of one kind")
                    .found(found.unconverted().isEmpty()
                            ? "biases"
                            : "dense ones among ternary ones: "
                                    + found.unconverted())
                    .hint("such models cannot be trained yet").problem();
        }
        if (found.headNorms() || found.inputNorms()) {
            throw ModelFormatException.in(start.folder()).expected("no norms but those of LLaMA and BitNet")
                    .found(found.headNorms() ? "norms of q and k" : "norms inside the linear layers")
                    .hint("such models cannot be trained yet").problem();
        }
        Arm own = Arm.of(found.linearKind());
        Arm arm = section.choice("arm", Arm.byName(), own.configName());
        if (arm != own && found.linearKind() != LinearKind.DENSE) {
            throw section.problem("arm", own.configName() + ", which the model in " + start.folder() + " is");
        }
        ModelConfig model = found.withLinearKind(arm.linearKind());
        return new ModelChoice(arm, start.addSubNorms() ? model.withSubNorms() : model);
    }

    /// The model with the vocabulary of its tokenizer.
    ///
    /// @throws ModelFormatException if it has another one already, and a smaller one
    public ModelConfig withVocabulary(int size, int bosId, int eosId) {
        return architecture.vocabularySize() == 1
                ? architecture.withVocabulary(size, bosId, eosId)
                : architecture;
    }
}
