package org.ternlm.train.fused;

/// What a pass is for, and what it costs in memory.
public enum PassMode {
    /// Losses only.
    FORWARD,
    /// Gradients too; what layers need on the way back is kept.
    KEEP,
    /// Gradients too; each layer is computed again on the way back from its input, which alone is kept: a third more
    /// computing, and the activations of one layer instead of all.
    RECOMPUTE
}
