package org.ternlm.kernel;

/// The operators chosen for this machine and the threads that run them: all that a model needs to compute.
///
/// @param ternary trits × int8
/// @param dense floating-point weights × float
/// @param floats everything in between
/// @param workers the threads; closing this closes them
public record Kernels(TernaryKernel ternary, DenseKernel dense, FloatKernel floats, Workers workers)
        implements
            AutoCloseable {

    @Override
    public void close() {
        workers.close();
    }
}
