package org.ternlm.model;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ternlm.format.gguf.GgufType;
import org.ternlm.quant.DenseForm;
import org.ternlm.quant.FloatBlocks;
import org.ternlm.quant.Packing;
import org.ternlm.quant.Packings;
import org.ternlm.tensor.DType;

/// What a type of GGUF means: plain numbers, blocks of numbers, ternary weights, or two of these.
///
/// @param plain the type of its elements, where kernels can read them as they lie
/// @param packing how its weights are ternary
/// @param blocks how they are numbers
record GgufLayout(@Nullable DType plain, @Nullable Packing packing, @Nullable FloatBlocks blocks) {

    static GgufLayout of(GgufType type) {
        return switch (type) {
            case F32 -> new GgufLayout(DType.F32, null, null);
            case F16 -> new GgufLayout(DType.F16, null, null);
            case BF16 -> new GgufLayout(DType.BF16, null, null);
            case Q4_0 -> new GgufLayout(null, null, Packings.Q4_0);
            case Q8_0 -> new GgufLayout(null, null, Packings.Q8_0);
            case Q6_K -> new GgufLayout(null, null, Packings.Q6_K);
            case TQ1_0 -> ternary(Packings.TQ1_0);
            case TQ2_0 -> ternary(Packings.TQ2_0);
            case I2_S -> ternary(Packings.I2_S);
            case Q1_0 -> ternary(Packings.Q1_0);
            case Q2_0 -> ternary(Packings.Q2_0);
            case IQ1_BN -> ternary(Packings.IQ1_BN);
            case IQ2_BN -> ternary(Packings.IQ2_BN);
            case IQ2_BN_R4 -> ternary(Packings.IQ2_BN_R4);
        };
    }

    private static GgufLayout ternary(Packing packing) {
        return new GgufLayout(null, packing, packing instanceof FloatBlocks blocks ? blocks : null);
    }

    /// How kernels can read its numbers as they lie; empty where it has none, or none of which kernels know.
    Optional<DenseForm> form() {
        return plain != null ? DenseForm.of(plain) : blocks != null ? DenseForm.of(blocks) : Optional.empty();
    }

    boolean isTernary() {
        return packing != null;
    }
}
