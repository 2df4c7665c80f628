package org.ternlm.kernel;

import org.junit.jupiter.api.Assumptions;
import org.ternlm.kernel.vector.VectorProvider;

/// The vector kernels for tests, skipped where a forced width is more than the machine has: the Vector API would then
/// compute in plain Java, far slower, and prove nothing about the processor.
final class VectorWidth {
    private VectorWidth() {}

    static Kernels kernels() {
        assumePresent();
        return VectorProvider.kernels(new Workers(1), true);
    }

    /// Skips the test where a forced width is more than the machine has.
    static void assumePresent() {
        int widest = VectorProvider.widestBits();
        Assumptions.assumeTrue(VectorProvider.bits() <= widest,
                () -> "this machine's vectors have " + widest + " bits");
    }
}
