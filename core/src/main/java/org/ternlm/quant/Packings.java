package org.ternlm.quant;

import java.util.List;

/// Every packing, once: there is nothing to configure and no state, so these are the only instances.
public final class Packings {

    /// Hugging Face safetensors of `quant_method: bitnet`.
    public static final Packing HUGGING_FACE_U8 = new HuggingFaceU8();

    /// GGUF files of bitnet.cpp.
    public static final Packing I2_S = new I2S();

    /// GGUF, 1.6875 bits a weight.
    public static final Packing TQ1_0 = new TQ1_0();

    /// GGUF, 2.0625 bits a weight.
    public static final Packing TQ2_0 = new TQ2_0();

    /// GGUF, 2.25 bits a weight.
    public static final Packing Q2_0 = new Q2_0();

    /// ±1, one bit a weight.
    public static final Packing SIGN_BIT = new SignBit();

    /// What the vector kernels read.
    public static final Packing TERN2 = new Interleaved2();

    /// All of the above.
    public static final List<Packing> ALL = List.of(HUGGING_FACE_U8, I2_S, TQ1_0, TQ2_0, Q2_0, SIGN_BIT, TERN2);

    private Packings() {}
}
