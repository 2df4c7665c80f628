package org.ternlm.model;

import java.util.Optional;

/// The non-linearity of a gated feed-forward network: `activation(gate) · up`.
public enum Activation {
    /// x / (1 + e^-x), as in LLaMA and the first BitNet b1.58 models.
    SILU("silu"),
    /// relu(x)², as in BitNet b1.58 2B4T.
    RELU_SQUARED("relu2");

    private final String configName;

    Activation(String configName) {
        this.configName = configName;
    }

    /// Its name in `config.json`.
    public String configName() {
        return configName;
    }

    /// The activation of that name in `config.json`, empty for an unknown one: it must be refused, since a wrong
    /// activation still gives plausible text.
    public static Optional<Activation> named(String configName) {
        for (Activation activation : values()) {
            if (activation.configName.equals(configName)) {
                return Optional.of(activation);
            }
        }
        return Optional.empty();
    }
}
