package org.ternlm.model;

import org.ternlm.kernel.Kernels;
import org.ternlm.quant.DenseMatrix;

/// A linear layer of real weights, used where and as they lie in the file. Inputs stay floats in every form: where
/// weights have few bits, only the weights are rounded.
///
/// @param weights `[rows, columns]`
/// @param bias `[rows]`, or empty
record DenseLinear(DenseMatrix weights, float[] bias) implements Linear {

    @Override
    public int rows() {
        return weights.rows();
    }

    @Override
    public int columns() {
        return weights.columns();
    }

    @Override
    public long byteSize() {
        return weights.byteSize();
    }

    @Override
    public void apply(LinearInput input, float[] y, Kernels kernels) {
        int tokens = input.tokens();
        float[] x = input.values();
        kernels.workers().share(rows(), 16, (long) columns() * tokens, (from, to) -> kernels.dense()
                .multiply(weights, from, to, x, tokens, y));
        Linear.addBias(bias, y, tokens, rows());
    }
}
