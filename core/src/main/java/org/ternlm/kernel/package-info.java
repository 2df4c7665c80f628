/// The operators of a transformer, their implementations and the choice between them.
///
/// ```
/// Kernels ── TernaryKernel  trits × int8 → exact int32 sums
///    │    ── DenseKernel    f32, bf16, f16 × float
///    │    ── FloatKernel    norms, quantisation, attention, activations
///    │    ── Workers        the threads that share one operation
///    └── KernelSelection    which ones, and why not better
/// ```
///
/// `kernel.scalar` is plain Java and the oracle of the others; `kernel.vector` uses the Vector API. Callers see
/// [org.ternlm.kernel.Kernels] alone. Nothing here knows models or files.
@NullMarked
package org.ternlm.kernel;

import org.jspecify.annotations.NullMarked;
