package org.ternlm.compare.config;

import java.util.List;
import java.util.function.UnaryOperator;

/// What surrounds linear layers.
///
/// @param activation `relu2` or `silu`
/// @param subNorms norms before the output and the down projection
/// @param tiedHead whether the head is the embedding
public record Style(String activation, boolean subNorms, boolean tiedHead) {
    /// What 2B4T has.
    static final Style USUAL = new Style("relu2", true, true);

    /// What each paper has: RMSNorm, SwiGLU and a head of its own for all three, sub-norms for both BitNets. (The first
    /// BitNet paper has GELU without a gate, which tern does not train.)
    static Style own(Arm arm) {
        return new Style("silu", arm.isTernary(), false);
    }

    static Style read(Section section, Style otherwise) {
        return new Style(
                section.choice("activation", List.of("relu2", "silu"), UnaryOperator.identity(), otherwise.activation),
                section.flag("sub_norms", otherwise.subNorms),
                section.flag("tied_head", otherwise.tiedHead));
    }
}
