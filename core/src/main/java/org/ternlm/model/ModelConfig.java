package org.ternlm.model;

import java.util.Set;

/// The shape and the variations of a model: all that distinguishes one architecture from another, as data.
///
/// @param architecture the name of the family in `config.json`, for people
/// @param vocabularySize tokens
/// @param hiddenSize width of the residual stream
/// @param feedForwardSize width inside the feed-forward network
/// @param layers how many
/// @param heads query heads
/// @param keyValueHeads heads of keys and values; divides `heads` (grouped-query attention)
/// @param headSize width of a head, even
/// @param contextLength most positions of a sequence
/// @param normEpsilon added to the mean square in every norm
/// @param activation of the feed-forward network
/// @param ropeTheta base of the rotary frequencies
/// @param ropeScaling how they are stretched
/// @param tiedHead whether the head is the embedding
/// @param subNorms whether a norm stands before the output and the down projection
/// @param headNorms whether a norm stands behind q and k, over each head
/// @param inputNormEpsilon added to the mean square in the norm that each ternary layer has for its own input; -1 where
/// they have none
/// @param attentionBias whether q, k, v and o have biases
/// @param feedForwardBias whether gate, up and down have biases
/// @param linearKind what the linear layers are made of
/// @param unconverted names of modules that stay dense in a ternary model
/// @param bosId the token that starts a text, -1 for none
/// @param eosIds the tokens that end a generation
public record ModelConfig(String architecture, int vocabularySize, int hiddenSize, int feedForwardSize, int layers,
        int heads, int keyValueHeads, int headSize, int contextLength, float normEpsilon, Activation activation,
        double ropeTheta, RopeScaling ropeScaling, boolean tiedHead, boolean subNorms, boolean headNorms,
        float inputNormEpsilon, boolean attentionBias, boolean feedForwardBias, LinearKind linearKind,
        Set<String> unconverted, int bosId, Set<Integer> eosIds) {

    public ModelConfig {
        unconverted = Set.copyOf(unconverted);
        eosIds = Set.copyOf(eosIds);
        check(heads % keyValueHeads == 0, "attention heads %d do not divide among %d key-value heads", heads,
                keyValueHeads);
        check(headSize % 2 == 0, "head size %d is odd; rotary embeddings need pairs", headSize);
    }

    /// A model with neither norms of heads nor norms of inputs.
    public ModelConfig(String architecture, int vocabularySize, int hiddenSize, int feedForwardSize, int layers,
            int heads, int keyValueHeads, int headSize, int contextLength, float normEpsilon, Activation activation,
            double ropeTheta, RopeScaling ropeScaling, boolean tiedHead, boolean subNorms, boolean attentionBias,
            boolean feedForwardBias, LinearKind linearKind, Set<String> unconverted, int bosId, Set<Integer> eosIds) {
        this(architecture, vocabularySize, hiddenSize, feedForwardSize, layers, heads, keyValueHeads, headSize,
                contextLength, normEpsilon, activation, ropeTheta, ropeScaling, tiedHead, subNorms, false, -1,
                attentionBias, feedForwardBias, linearKind, unconverted, bosId, eosIds);
    }

    private static void check(boolean sound, String message, Object... values) {
        if (!sound) {
            throw new IllegalArgumentException(message.formatted(values));
        }
    }

    /// Width of all query heads together.
    public int querySize() {
        return heads * headSize;
    }

    /// Width of all key heads (or all value heads) together.
    public int keyValueSize() {
        return keyValueHeads * headSize;
    }

    /// What the model computes: the same without names, and without what its files say in different ways (what they
    /// hold, and how rotary frequencies are stretched).
    ModelConfig arithmetic() {
        return new ModelConfig("", vocabularySize, hiddenSize, feedForwardSize, layers, heads, keyValueHeads, headSize,
                contextLength, normEpsilon, activation, ropeTheta, new RopeScaling.None(), tiedHead, subNorms,
                headNorms,
                inputNormEpsilon, attentionBias, feedForwardBias, LinearKind.DENSE, Set.of(), -1, Set.of());
    }

    /// Whether each ternary layer has a norm for its own input.
    public boolean inputNorms() {
        return inputNormEpsilon >= 0;
    }

    /// What the linear layer `module`, such as `model.layers.0.mlp.up_proj`, is made of.
    LinearKind kindOf(String module) {
        boolean stays = unconverted.stream().anyMatch(name -> module.equals(name) || module.endsWith("." + name));
        return stays ? LinearKind.DENSE : linearKind;
    }

    /// The same model with another vocabulary.
    public ModelConfig withVocabulary(int size, int bos, int eos) {
        return new ModelConfig(architecture, size, hiddenSize, feedForwardSize, layers, heads, keyValueHeads, headSize,
                contextLength, normEpsilon, activation, ropeTheta, ropeScaling, tiedHead, subNorms, headNorms,
                inputNormEpsilon, attentionBias,
                feedForwardBias, linearKind, unconverted, bos, eos < 0 ? Set.of() : Set.of(eos));
    }

    /// The same model with sub-norms, as BitNet has them.
    public ModelConfig withSubNorms() {
        return new ModelConfig("bitnet", vocabularySize, hiddenSize, feedForwardSize, layers, heads, keyValueHeads,
                headSize, contextLength, normEpsilon, activation, ropeTheta, ropeScaling, tiedHead, true, headNorms,
                inputNormEpsilon, attentionBias,
                feedForwardBias, linearKind, unconverted, bosId, eosIds);
    }

    /// The same model with other modules that stay dense.
    ModelConfig withUnconverted(Set<String> names) {
        return new ModelConfig(architecture, vocabularySize, hiddenSize, feedForwardSize, layers, heads, keyValueHeads,
                headSize, contextLength, normEpsilon, activation, ropeTheta, ropeScaling, tiedHead, subNorms, headNorms,
                inputNormEpsilon, attentionBias, feedForwardBias, linearKind, names, bosId, eosIds);
    }

    /// The same model with linear layers of another kind.
    public ModelConfig withLinearKind(LinearKind kind) {
        return new ModelConfig(architecture, vocabularySize, hiddenSize, feedForwardSize, layers, heads, keyValueHeads,
                headSize, contextLength, normEpsilon, activation, ropeTheta, ropeScaling, tiedHead, subNorms, headNorms,
                inputNormEpsilon, attentionBias, feedForwardBias, kind, unconverted, bosId, eosIds);
    }

    /// The same model with norms behind q and k, over each head.
    ModelConfig withHeadNorms() {
        return new ModelConfig(architecture, vocabularySize, hiddenSize, feedForwardSize, layers, heads, keyValueHeads,
                headSize, contextLength, normEpsilon, activation, ropeTheta, ropeScaling, tiedHead, subNorms, true,
                inputNormEpsilon, attentionBias, feedForwardBias, linearKind, unconverted, bosId, eosIds);
    }
}
