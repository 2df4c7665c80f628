package org.ternlm.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.ternlm.quant.DenseForm;
import org.ternlm.quant.DenseMatrix;

/// One kernel at first, another with the same results after [#turn], form by form: each form has loops of its own, and
/// most models need one or two.
final class SwitchingDenseKernel implements DenseKernel {
    private final DenseKernel first;
    private final DenseKernel second;
    private final Consumer<DenseForm> wanted;
    private final AtomicInteger known = new AtomicInteger();
    private volatile int turned;

    /// @param wanted is told once of each form that somebody uses before its turn
    SwitchingDenseKernel(DenseKernel first, DenseKernel second, Consumer<DenseForm> wanted) {
        this.first = first;
        this.second = second;
        this.wanted = wanted;
    }

    synchronized void turn(DenseForm form) {
        known.accumulateAndGet(bit(form), (a, b) -> a | b);
        turned |= bit(form);
    }

    private static int bit(DenseForm form) {
        return 1 << form.ordinal();
    }

    @Override
    public String name() {
        return second.name();
    }

    @Override
    public void multiply(DenseMatrix weights, int fromRow, int toRow, float[] x, int tokens, float[] y) {
        int bit = bit(weights.form());
        if ((turned & bit) != 0) {
            second.multiply(weights, fromRow, toRow, x, tokens, y);
            return;
        }
        if ((known.get() & bit) == 0 && (known.getAndAccumulate(bit, (a, b) -> a | b) & bit) == 0) {
            wanted.accept(weights.form());
        }
        first.multiply(weights, fromRow, toRow, x, tokens, y);
    }
}
