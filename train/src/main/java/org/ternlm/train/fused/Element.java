package org.ternlm.train.fused;

import org.bytedeco.pytorch.global.torch.ScalarType;

/// What a [Block] is made of.
enum Element {
    /// Quantised activations and trits.
    INT8(ScalarType.Char, 1),
    /// Exact sums of their products.
    INT32(ScalarType.Int, 4), BFLOAT16(ScalarType.BFloat16, 2), FLOAT32(ScalarType.Float, 4);

    private final ScalarType type;
    private final int bytes;

    Element(ScalarType type, int bytes) {
        this.type = type;
        this.bytes = bytes;
    }

    ScalarType type() {
        return type;
    }

    int bytes() {
        return bytes;
    }
}
