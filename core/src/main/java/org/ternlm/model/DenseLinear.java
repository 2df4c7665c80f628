package org.ternlm.model;

import org.ternlm.kernel.Kernels;
import org.ternlm.tensor.DType;
import org.ternlm.tensor.Tensor;

/// A linear layer of floating-point weights, used where they lie in the file.
///
/// @param weights `[rows, columns]` of F32, BF16 or F16
/// @param bias `[rows]`, or empty
record DenseLinear(Tensor weights, float[] bias) implements Linear {

    DenseLinear {
        if (weights.shape().rank() != 2 || !weights.type().isFloat() || weights.type() == DType.F64) {
            throw new IllegalArgumentException("%s: expected a matrix of F32, BF16 or F16, found %s %s".formatted(
                    weights.name(), weights.type(), weights.shape()));
        }
    }

    @Override
    public int rows() {
        return (int) weights.shape().dimension(0);
    }

    @Override
    public int columns() {
        return (int) weights.shape().dimension(1);
    }

    @Override
    public long byteSize() {
        return weights.data().byteSize();
    }

    @Override
    public void apply(LinearInput input, float[] y, Kernels kernels) {
        int tokens = input.tokens();
        int columns = columns();
        int rows = rows();
        float[] x = input.values();
        kernels.workers().share(rows, 16, (long) columns * tokens, (from, to) -> kernels.dense()
                .multiply(weights.data(), weights.type(), rows, columns, from, to, x, tokens, y));
        Linear.addBias(bias, y, tokens, rows);
    }
}
