package org.ternlm.kernel;

import org.ternlm.quant.DenseMatrix;

/// One kernel at first, another with the same results after [#turn()].
final class SwitchingDenseKernel implements DenseKernel {
    private final DenseKernel second;
    private volatile DenseKernel current;

    SwitchingDenseKernel(DenseKernel first, DenseKernel second) {
        this.second = second;
        current = first;
    }

    void turn() {
        current = second;
    }

    @Override
    public String name() {
        return second.name();
    }

    @Override
    public void multiply(DenseMatrix weights, int fromRow, int toRow, float[] x, int tokens, float[] y) {
        current.multiply(weights, fromRow, toRow, x, tokens, y);
    }
}
