package org.ternlm.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What `general.architecture` means: a GGUF file says the shape of a model, and by this name everything else.
///
/// The three BitNet names stand for different activations, and 2B4T has been converted under all of them; see
/// [GgufConfigReader] for how the wrong one is noticed. Only `llama` has rows of q and k in another order than
/// transformers, in which the two elements of a rotary pair are neighbours.
enum GgufArchitecture {
    /// LLaMA and ternary models of that shape (Falcon-E, Llama3-8B-1.58).
    LLAMA("llama", Activation.SILU, false),
    /// The first BitNet b1.58 models, by 1bitLLM. The head is the embedding.
    BITNET("bitnet", Activation.SILU, true),
    /// Older conversions of 2B4T.
    BITNET_25("bitnet-25", Activation.RELU_SQUARED, true),
    /// 2B4T as it is published.
    BITNET_B158("bitnet-b1.58", Activation.RELU_SQUARED, true),
    /// Qwen 3 and ternary models of that shape, with norms behind q and k.
    QWEN3("qwen3", Activation.SILU, false);

    private final String ggufName;
    private final Activation activation;
    private final boolean bitNet;

    GgufArchitecture(String ggufName, Activation activation, boolean bitNet) {
        this.ggufName = ggufName;
        this.activation = activation;
        this.bitNet = bitNet;
    }

    /// The architecture of that name, empty for an unknown one.
    static Optional<GgufArchitecture> named(String ggufName) {
        return Arrays.stream(values()).filter(a -> a.ggufName.equals(ggufName)).findFirst();
    }

    /// All names.
    static List<String> names() {
        return Arrays.stream(values()).map(a -> a.ggufName).toList();
    }

    /// Its name in files.
    String ggufName() {
        return ggufName;
    }

    /// Of the feed-forward network.
    Activation activation() {
        return activation;
    }

    /// Whether there are sub-norms, and every linear layer is ternary with int8 activations.
    boolean isBitNet() {
        return bitNet;
    }

    /// Whether a norm stands behind q and k, over each head.
    boolean hasHeadNorms() {
        return this == QWEN3;
    }

    /// Whether rotary pairs are neighbours in the rows of q and k.
    boolean hasAdjacentPairs() {
        return this == LLAMA;
    }
}
