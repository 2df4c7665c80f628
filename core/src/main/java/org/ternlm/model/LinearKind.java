package org.ternlm.model;

/// What the linear layers of a model are made of, and how a file says so.
public enum LinearKind {
    /// Floating-point weights, floating-point activations.
    DENSE,
    /// Weights of int8 with a scale a row, floating-point activations (Hugging Face `compressed-tensors`).
    INT8_ROWS,
    /// Packed ternary weights; the stored scale multiplies (Hugging Face `autobitlinear`).
    PACKED_MULTIPLY,
    /// Packed ternary weights; the stored scale divides (Hugging Face `bitlinear`).
    PACKED_DIVIDE,
    /// Floating-point master weights, ternarised by absmean when loaded (BitNet b1.58).
    MASTER_TERNARY,
    /// Floating-point master weights, made ±1 by their centred sign when loaded (BitNet).
    MASTER_SIGN;

    /// Whether the weights are one byte for four in the file.
    public boolean isPacked() {
        return this == PACKED_MULTIPLY || this == PACKED_DIVIDE;
    }

    /// Whether the file holds the weights that training left, from which others may be made.
    public boolean isMaster() {
        return !isPacked() && this != INT8_ROWS;
    }

    /// Whether activations are int8 and weights -1, 0 or +1 at run time.
    public boolean isTernary() {
        return this != DENSE && this != INT8_ROWS;
    }
}
