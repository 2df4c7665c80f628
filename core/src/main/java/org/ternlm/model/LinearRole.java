package org.ternlm.model;

/// The linear layers of a transformer layer, by what they do; with sizes, as a configuration gives them.
public enum LinearRole {
    /// To the query heads.
    QUERY,
    /// To the key heads.
    KEY,
    /// To the value heads.
    VALUE,
    /// From the heads back to the residual.
    OUTPUT,
    /// To the inside of the feed-forward network, through the activation.
    GATE,
    /// To the inside of the feed-forward network, multiplied with the gate's.
    UP,
    /// From the inside of the feed-forward network back to the residual.
    DOWN;

    /// Output features.
    public int rows(ModelConfig config) {
        return switch (this) {
            case QUERY -> config.querySize();
            case KEY, VALUE -> config.keyValueSize();
            case OUTPUT, DOWN -> config.hiddenSize();
            case GATE, UP -> config.feedForwardSize();
        };
    }

    /// Input features.
    public int columns(ModelConfig config) {
        return switch (this) {
            case QUERY, KEY, VALUE, GATE, UP -> config.hiddenSize();
            case OUTPUT -> config.querySize();
            case DOWN -> config.feedForwardSize();
        };
    }

    /// Whether most of its input is 0 in trained models: that of the down projection behind relu².
    boolean hasSparseInput(ModelConfig config) {
        return this == DOWN && config.activation() == Activation.RELU_SQUARED;
    }

    /// Whether it has a bias.
    public boolean hasBias(ModelConfig config) {
        return switch (this) {
            case QUERY, KEY, VALUE, OUTPUT -> config.attentionBias();
            case GATE, UP, DOWN -> config.feedForwardBias();
        };
    }
}
