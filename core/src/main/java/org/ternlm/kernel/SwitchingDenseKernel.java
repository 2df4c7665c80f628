package org.ternlm.kernel;

import java.lang.foreign.MemorySegment;
import org.ternlm.tensor.DType;

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
    public void multiply(MemorySegment weights, DType type, int rows, int columns, int fromRow, int toRow, float[] x,
            int tokens, float[] y) {
        current.multiply(weights, type, rows, columns, fromRow, toRow, x, tokens, y);
    }
}
