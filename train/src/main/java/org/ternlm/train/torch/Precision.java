package org.ternlm.train.torch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// In which type matrix products are computed. Master weights, norms, losses and the optimiser are float always.
public enum Precision {
    /// float everywhere: slow and exact, for tests and validation.
    FLOAT32(ScalarType.Float),
    /// bfloat16 operands, float accumulation. Ternary weights and int8 activations are exact in it; results are rounded
    /// to 8 bits of precision.
    BFLOAT16(ScalarType.BFloat16);

    private final ScalarType type;

    Precision(ScalarType type) {
        this.type = type;
    }

    Tensor cast(Tensor tensor) {
        return this == FLOAT32 ? tensor : tensor.to(type);
    }
}
