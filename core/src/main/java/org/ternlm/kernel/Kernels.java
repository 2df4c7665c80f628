package org.ternlm.kernel;

import java.time.Duration;
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
/// @param manyTokens what takes over where many tokens pass at once, if anything does; closed with this
/// @param companion what else ends with this
public record Kernels(TernaryKernel ternary, TernaryKernel signs, @Nullable TernaryKernel sparse, DenseKernel dense,
        IntegerKernel integers, FloatKernel floats, Workers workers, ManyTokens manyTokens, Companion companion)
        implements
            AutoCloseable {

    /// Something that lives as long as the kernels.
    public interface Companion extends AutoCloseable {
        /// Waits until it leaves the kernels as they are.
        ///
        /// @param most how long to wait at most
        /// @return whether it does by then
        default boolean settle(Duration most) {
            return true;
        }

        @Override
        void close();
    }

    /// Kernels with nothing beside them.
    public Kernels(TernaryKernel ternary, TernaryKernel signs, DenseKernel dense, IntegerKernel integers,
            FloatKernel floats, Workers workers) {
        this(ternary, signs, null, dense, integers, floats, workers, ManyTokens.none("none"), () -> {});
    }

    /// The same with one ternary kernel for all matrices.
    public Kernels(TernaryKernel ternary, DenseKernel dense, IntegerKernel integers, FloatKernel floats,
            Workers workers) {
        this(ternary, ternary, dense, integers, floats, workers);
    }

    /// The same with a kernel for activations that are mostly 0, or none.
    public Kernels withSparse(@Nullable TernaryKernel other) {
        return new Kernels(ternary, signs, other, dense, integers, floats, workers, manyTokens, companion);
    }

    /// The same with other kernels for many tokens.
    public Kernels withManyTokens(ManyTokens other) {
        return new Kernels(ternary, signs, sparse, dense, integers, floats, workers, other, companion);
    }

    /// The kernel whose layout a matrix should get.
    public TernaryKernel ternaryFor(TernaryMatrix matrix) {
        return matrix.hasZeros() ? ternary : signs;
    }

    /// The kernel that reads `packing`, which must be the layout of one of the ternary kernels.
    public TernaryKernel ternaryOf(Packing packing) {
        return ternary.packing().equals(packing) ? ternary : signs;
    }

    /// Waits until everything that has been used so far is at full speed: until then, scalar kernels may stand in for
    /// vector kernels that are being compiled. Results are the same; only measurements need this.
    ///
    /// @param most how long to wait at most
    /// @return whether it is
    public boolean settle(Duration most) {
        return companion.settle(most);
    }

    /// The kernel that reads `packing` and is best where `tokens` tokens pass at once.
    public TernaryKernel ternaryOf(Packing packing, int tokens) {
        return manyTokens.find(packing, tokens).orElseGet(() -> ternaryOf(packing));
    }

    @Override
    public void close() {
        companion.close();
        workers.close();
        manyTokens.close();
    }
}
