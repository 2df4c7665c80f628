package org.ternlm.kernel;

/// The operators chosen for this machine and the threads that run them: all that a model needs to compute.
///
/// @param ternary trits × int8
/// @param dense floating-point weights × float
/// @param integers weights rounded to integers × int8
/// @param floats everything in between
/// @param workers the threads; closing this closes them
/// @param companion what else ends with this
public record Kernels(TernaryKernel ternary, DenseKernel dense, IntegerKernel integers, FloatKernel floats,
        Workers workers, Companion companion) implements AutoCloseable {

    /// Something that lives as long as the kernels.
    public interface Companion extends AutoCloseable {
        @Override
        void close();
    }

    /// Kernels with nothing beside them.
    public Kernels(TernaryKernel ternary, DenseKernel dense, IntegerKernel integers, FloatKernel floats,
            Workers workers) {
        this(ternary, dense, integers, floats, workers, () -> {});
    }

    @Override
    public void close() {
        companion.close();
        workers.close();
    }
}
