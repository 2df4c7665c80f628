package org.ternlm.model;

import org.ternlm.format.gguf.GgufType;

/// In which form a Hugging Face folder holds linear layers.
public enum FolderForm {
    /// Packed, four weights a byte; the stored scale multiplies, as in the published 2B4T.
    AUTOBITLINEAR(LinearKind.PACKED_MULTIPLY, GgufType.F32),
    /// Packed, four weights a byte; the stored scale divides.
    BITLINEAR(LinearKind.PACKED_DIVIDE, GgufType.F32),
    /// int8 with a scale a row, as compressed-tensors has it.
    INT8(LinearKind.INT8_ROWS, GgufType.F32),
    /// Numbers of bfloat16.
    BF16(LinearKind.DENSE, GgufType.BF16),
    /// Numbers of half precision.
    F16(LinearKind.DENSE, GgufType.F16),
    /// Numbers of single precision.
    F32(LinearKind.DENSE, GgufType.F32);

    private final LinearKind kind;
    private final GgufType numbers;

    FolderForm(LinearKind kind, GgufType numbers) {
        this.kind = kind;
        this.numbers = numbers;
    }

    /// Whether weights are packed ternary codes.
    public boolean isPacked() {
        return kind.isPacked();
    }

    LinearKind kind() {
        return kind;
    }

    /// The type of what is not packed.
    GgufType numbers() {
        return numbers;
    }
}
