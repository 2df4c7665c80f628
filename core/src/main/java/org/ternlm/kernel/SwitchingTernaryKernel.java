package org.ternlm.kernel;

import java.lang.foreign.MemorySegment;
import org.ternlm.quant.Packing;

/// One kernel at first, another of the same layout, the same preparation and the same results after [#turn()].
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
    public long preparedBytes(int columns, int tokens) {
        return second.preparedBytes(columns, tokens);
    }

    @Override
    public void prepare(Activations activations, int fromToken, int toToken, int from, int to) {
        current.prepare(activations, fromToken, toToken, from, to);
    }

    @Override
    public void multiply(MemorySegment codes, int rows, int fromBlock, int toBlock, Activations activations,
            int fromToken, int toToken, int[] sums) {
        current.multiply(codes, rows, fromBlock, toBlock, activations, fromToken, toToken, sums);
    }
}
