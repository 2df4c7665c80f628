package org.ternlm.format.gguf;

import java.util.Map;
import java.util.Optional;

/// How the weights of a tensor are stored, as far as its bytes go: what they mean is for others to know.
///
/// ```
/// a row:     rowBytes │ block │ block │ …        columns / blockWeights blocks of blockBytes each
/// a tensor:  row │ row │ … │ tailBytes
/// ```
///
/// Source of numbers and sizes: ggml (`enum ggml_type`), bitnet.cpp for `I2_S`, ik_llama.cpp for `IQ1_BN` and `IQ2_BN`.
/// The forks give some numbers other meanings than ggml does; where two claim one, that one is refused.
public enum GgufType {
    /// Floats.
    F32(0, 1, 4),
    /// Halves.
    F16(1, 1, 2),
    /// Blocks of 4-bit numbers with a scale.
    Q4_0(2, 32, 18),
    /// Blocks of 8-bit numbers with a scale.
    Q8_0(8, 32, 34),
    /// Blocks of 6-bit numbers with scales at two levels.
    Q6_K(14, 256, 210),
    /// bfloat16.
    BF16(30, 1, 2),
    /// Ternary, five weights to a byte, a scale a block.
    TQ1_0(34, 256, 54),
    /// Ternary, two bits a weight, a scale a block.
    TQ2_0(35, 256, 66),
    /// Ternary, two bits a weight, one scale a tensor, in 32 bytes behind it.
    I2_S(36, 128, 32, 0, 32),
    /// ±1, one bit a weight, a scale a block.
    Q1_0(41, 128, 18),
    /// Ternary (or -1 to 2), two bits a weight, a scale a block.
    Q2_0(42, 64, 18),
    /// Ternary, five weights to a byte, a scale a row, before it.
    IQ1_BN(134, 64, 13, 2, 0),
    /// Ternary, two bits a weight, a scale a row, before it.
    IQ2_BN(135, 64, 16, 4, 0),
    /// The same with four rows interleaved.
    IQ2_BN_R4(335, 64, 16, 4, 0);

    /// What else the numbers mean, so that a refusal can say it.
    private static final Map<Long, String> OTHERS = Map.ofEntries(Map.entry(3L, "Q4_1"), Map.entry(6L, "Q5_0"),
            Map.entry(7L, "Q5_1"), Map.entry(9L, "Q8_1"), Map.entry(10L, "Q2_K"), Map.entry(11L, "Q3_K"),
            Map.entry(12L, "Q4_K"), Map.entry(13L, "Q5_K"), Map.entry(15L, "Q8_K"), Map.entry(16L, "IQ2_XXS"),
            Map.entry(17L, "IQ2_XS"), Map.entry(18L, "IQ3_XXS"), Map.entry(19L, "IQ1_S"), Map.entry(20L, "IQ4_NL"),
            Map.entry(21L, "IQ3_S"), Map.entry(22L, "IQ2_S"), Map.entry(23L, "IQ4_XS"), Map.entry(24L, "I8"),
            Map.entry(25L, "I16"), Map.entry(26L, "I32"), Map.entry(27L, "I64"), Map.entry(28L, "F64"),
            Map.entry(29L, "IQ1_M"), Map.entry(37L, "I8_S"), Map.entry(38L, "TL1"), Map.entry(39L, "TL2 or MXFP4"),
            Map.entry(40L, "NVFP4"));

    private final int id;
    private final int blockWeights;
    private final int blockBytes;
    private final int rowBytes;
    private final int tailBytes;

    GgufType(int id, int blockWeights, int blockBytes) {
        this(id, blockWeights, blockBytes, 0, 0);
    }

    GgufType(int id, int blockWeights, int blockBytes, int rowBytes, int tailBytes) {
        this.id = id;
        this.blockWeights = blockWeights;
        this.blockBytes = blockBytes;
        this.rowBytes = rowBytes;
        this.tailBytes = tailBytes;
    }

    /// The type with that number in files; empty for one that Tern does not read.
    public static Optional<GgufType> of(long id) {
        for (GgufType type : values()) {
            if (type.id == id) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /// What a number that is no type of Tern's is called elsewhere.
    static String nameOf(long id) {
        String name = OTHERS.get(id);
        return name == null ? "the unknown type " + Long.toUnsignedString(id) : name + " (type " + id + ")";
    }

    /// What to do about a file with a type that Tern does not read.
    static String hintFor(long id) {
        if (id == 38 || id == 39) {
            return "TL1 and TL2 are baked for one machine and shape: convert again from the original weights, as I2_S, "
                    + "TQ2_0 or TQ1_0";
        }
        return "convert again from the original weights, for example as F16, Q8_0, Q6_K, TQ2_0 or I2_S";
    }

    /// Its number in files.
    public int id() {
        return id;
    }

    /// The columns of a tensor are a multiple of this.
    public int blockWeights() {
        return blockWeights;
    }

    /// Bytes of a tensor.
    ///
    /// @param columns a multiple of [#blockWeights]
    /// @throws ArithmeticException if they do not fit into a long
    public long byteSize(long rows, long columns) {
        long row = Math.addExact(Math.multiplyExact(columns / blockWeights, (long) blockBytes), rowBytes);
        return Math.addExact(Math.multiplyExact(rows, row), tailBytes);
    }
}
