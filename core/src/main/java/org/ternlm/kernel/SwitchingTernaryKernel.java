package org.ternlm.kernel;

import java.lang.foreign.MemorySegment;
import org.ternlm.quant.Packing;

/// One kernel at first, another of the same layout and the same results after [#turn()].
final class SwitchingTernaryKernel implements TernaryKernel {
    private final TernaryKernel second;
    private volatile TernaryKernel current;

    SwitchingTernaryKernel(TernaryKernel first, TernaryKernel second) {
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
    public Packing packing() {
        return second.packing();
    }

    @Override
    public int paddedColumns(int columns) {
        return second.paddedColumns(columns);
    }

    @Override
    public void multiply(MemorySegment codes, int rows, int columns, int fromBlock, int toBlock, byte[] activations,
            int[] totals, int tokens, int[] sums) {
        current.multiply(codes, rows, columns, fromBlock, toBlock, activations, totals, tokens, sums);
    }
}
