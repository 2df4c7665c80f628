package org.ternlm.kernel;

import org.jspecify.annotations.Nullable;
import org.ternlm.quant.Packing;
import org.ternlm.quant.TernaryMatrix;

/// The operators chosen for this machine and the threads that run them: all that a model needs to compute.
///
/// @param ternary trits × int8
/// @param signs the same for matrices without zeros; the same kernel where there is no better one
/// @param sparse the same for one token most of whose activations are 0, in a layout of its own, beside `ternary`; null
/// where it is not faster
/// @param dense floating-point weights × float
/// @param integers weights rounded to integers × int8
/// @param floats everything in between
/// @param workers the threads; closing this closes them
/// @param companion what else ends with this
public record Kernels(TernaryKernel ternary, TernaryKernel signs, @Nullable TernaryKernel sparse, DenseKernel dense,
        IntegerKernel integers, FloatKernel floats, Workers workers, Companion companion) implements AutoCloseable {

    /// Something that lives as long as the kernels.
    public interface Companion extends AutoCloseable {
        @Override
        void close();
    }

    /// Kernels with nothing beside them.
    public Kernels(TernaryKernel ternary, DenseKernel dense, IntegerKernel integers, FloatKernel floats,
            Workers workers) {
        this(ternary, ternary, null, dense, integers, floats, workers, () -> {});
    }

    /// The kernel whose layout a matrix should get.
    public TernaryKernel ternaryFor(TernaryMatrix matrix) {
        return matrix.hasZeros() ? ternary : signs;
    }

    /// The kernel that reads `packing`, which must be the layout of one of the ternary kernels.
    public TernaryKernel ternaryOf(Packing packing) {
        return ternary.packing().equals(packing) ? ternary : signs;
    }

    @Override
    public void close() {
        companion.close();
        workers.close();
    }
}
