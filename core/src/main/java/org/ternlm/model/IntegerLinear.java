package org.ternlm.model;

import org.ternlm.kernel.IntegerInput;
import org.ternlm.kernel.Kernels;
import org.ternlm.quant.IntegerForm;
import org.ternlm.quant.IntegerMatrix;

/// A linear layer of integer weights and int8 activations, without a bias.
///
/// @param weights `[rows, columns]`
record IntegerLinear(IntegerMatrix weights) implements Linear {

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
        IntegerInput integers = new IntegerInput(weights.form(), input.values(), input.tokens(), columns(),
                kernels.floats());
        kernels.workers().share(weights.blocks(), 4, (long) IntegerForm.BLOCK_ROWS * columns() * input.tokens(),
                (from, to) -> kernels.integers().multiply(weights, from, to, integers, y));
    }
}
