package org.ternlm.quant;

import java.util.List;

/// Every packing and the other layouts of blocks, once: there is nothing to configure and no state, so these are the only instances.
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

    /// GGUF, ±1, 1.125 bits a weight.
    public static final Packing Q1_0 = new Q1_0();

    /// GGUF files of ik_llama.cpp, 1.625 bits a weight and two bytes a row.
    public static final Packing IQ1_BN = new IQ1BN();

    /// GGUF files of ik_llama.cpp, 2 bits a weight and four bytes a row.
    public static final Packing IQ2_BN = new IQ2BN();

    /// The same with four rows interleaved.
    public static final Packing IQ2_BN_R4 = new IQ2BNR4();

    /// ±1, one bit a weight.
    public static final Packing SIGN_BIT = new SignBit();

    /// What the kernels that multiply read.
    public static final Packing TERN2 = new Interleaved2();

    /// What the kernels that look sums up read: nine ternary weights in 16 bits.
    public static final LookupWords LUT9 = LookupWords.ternary();

    /// The same for ±1: fifteen weights in 16 bits.
    public static final LookupWords LUT15 = LookupWords.signs();

    /// What the kernels read that skip columns.
    public static final Columns2 COL2 = new Columns2();

    /// GGUF, dense, 4.5 bits a number.
    public static final RoundingBlocks Q4_0 = new Q4_0();

    /// GGUF, dense, 8.5 bits a number.
    public static final RoundingBlocks Q8_0 = new Q8_0();

    /// GGUF, dense, 6.5625 bits a number.
    public static final FloatBlocks Q6_K = new Q6_K();

    /// All packings.
    public static final List<Packing> ALL = List.of(HUGGING_FACE_U8, I2_S, TQ1_0, TQ2_0, Q2_0, Q1_0, IQ1_BN, IQ2_BN,
            IQ2_BN_R4, SIGN_BIT, TERN2, LUT9, LUT15, COL2);

    private Packings() {}
}
