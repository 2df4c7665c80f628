package org.ternlm.generate;

/// Why a generation ended.
public enum FinishReason {
    /// The model produced a token that ends the text, or a stop token or stop string of the request.
    STOP("stop"),
    /// As many tokens as the request allows.
    LENGTH("length"),
    /// The model's context is full.
    CONTEXT("context"),
    /// The mask allows no token.
    MASK("mask"),
    /// [Session#cancel()] or [Ticket#cancel()].
    CANCELLED("cancelled");

    private final String jsonName;

    FinishReason(String jsonName) {
        this.jsonName = jsonName;
    }

    /// Its name in machine-readable output.
    public String jsonName() {
        return jsonName;
    }
}
