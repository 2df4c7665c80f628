/// The operators of a transformer, their implementations and the choice between them.
///
/// ```
/// Kernels ── TernaryKernel  trits × int8 → exact int32 sums
///    │    ── DenseKernel    f32, bf16, f16, int8, Q8_0, Q6_K, Q4_0 × float
///    │    ── FloatKernel    norms, quantisation, attention, activations
///    │    ── ManyTokens     what a native library does where many tokens pass at once
///    │    ── Workers        the threads that share one operation
///    └── KernelSelection    which ones, and why not better
/// ```
///
/// `kernel.scalar` is plain Java and the oracle of the others; `kernel.vector` uses the Vector API. Callers see
/// [org.ternlm.kernel.Kernels] alone. Nothing here knows models or files.
@NullMarked
package org.ternlm.kernel;

import org.jspecify.annotations.NullMarked;
