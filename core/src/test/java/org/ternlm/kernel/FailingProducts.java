package org.ternlm.kernel;

import java.lang.foreign.MemorySegment;

/// A library that loads and then fails.
public final class FailingProducts implements ByteProducts {
    private final String reason;

    public FailingProducts(String reason) {
        this.reason = reason;
    }

    @Override
    public String description() {
        return "failing";
    }

    @Override
    public void multiply(MemorySegment activations, int tokens, int columns, MemorySegment weights,
            MemorySegment sums) {
        throw new ByteProductsException(reason);
    }

    @Override
    public void close() {}
}
