package org.ternlm.model;

/// What a tensor of a file is for.
public enum TensorPlace {
    /// Weights, scales or bias of a linear layer.
    LINEAR,
    /// The embedding of the tokens.
    EMBEDDING,
    /// The head to the vocabulary, where it has its own weights.
    HEAD,
    /// The gains of a norm.
    NORM,
    /// Anything else.
    OTHER
}
