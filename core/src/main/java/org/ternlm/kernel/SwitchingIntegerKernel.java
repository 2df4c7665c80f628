package org.ternlm.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.ternlm.quant.IntegerForm;
import org.ternlm.quant.IntegerMatrix;

/// One kernel at first, another with the same results after [#turn], form by form, as [SwitchingDenseKernel].
final class SwitchingIntegerKernel implements IntegerKernel {
    private final IntegerKernel first;
    private final IntegerKernel second;
    private final Consumer<IntegerForm> wanted;
    private final AtomicInteger known = new AtomicInteger();
    private volatile int turned;

    /// @param wanted is told once of each form that somebody uses before its turn
    SwitchingIntegerKernel(IntegerKernel first, IntegerKernel second, Consumer<IntegerForm> wanted) {
        this.first = first;
        this.second = second;
        this.wanted = wanted;
    }

    synchronized void turn(IntegerForm form) {
        known.accumulateAndGet(bit(form), (a, b) -> a | b);
        turned |= bit(form);
    }

    private static int bit(IntegerForm form) {
        return 1 << form.ordinal();
    }

    @Override
    public String name() {
        return second.name();
    }

    @Override
    public void multiply(IntegerMatrix weights, int fromBlock, int toBlock, IntegerInput input, float[] y) {
        int bit = bit(weights.form());
        if ((turned & bit) != 0) {
            second.multiply(weights, fromBlock, toBlock, input, y);
            return;
        }
        if ((known.get() & bit) == 0 && (known.getAndAccumulate(bit, (a, b) -> a | b) & bit) == 0) {
            wanted.accept(weights.form());
        }
        first.multiply(weights, fromBlock, toBlock, input, y);
    }
}
