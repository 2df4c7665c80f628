package org.ternlm.model;

/// The norms of a transformer layer, by where they stand; with sizes, as a configuration gives them.
public enum NormRole {
    /// Before q, k and v.
    ATTENTION,
    /// Behind q, over each head, in Qwen 3.
    QUERY,
    /// Behind k, over each head, in Qwen 3.
    KEY,
    /// Before the output projection, in BitNet.
    ATTENTION_SUB,
    /// Before gate and up.
    FEED_FORWARD,
    /// Before the down projection, in BitNet.
    FEED_FORWARD_SUB;

    /// Features, each with its gain; 0 where the architecture has no such norm.
    public int size(ModelConfig config) {
        return switch (this) {
            case ATTENTION, FEED_FORWARD -> config.hiddenSize();
            case QUERY, KEY -> config.headNorms() ? config.headSize() : 0;
            case ATTENTION_SUB -> config.subNorms() ? config.querySize() : 0;
            case FEED_FORWARD_SUB -> config.subNorms() ? config.feedForwardSize() : 0;
        };
    }
}
