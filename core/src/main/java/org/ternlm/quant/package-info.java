/// The arithmetic of the papers and the layouts of packed weights.
///
/// Weights become ternary by [org.ternlm.quant.AbsMean] (BitNet b1.58, arXiv 2402.17764, equations 1 to 3) or ±1 by
/// [org.ternlm.quant.SignMean] (BitNet, arXiv 2310.11453, equations 1 to 3); activations become int8 by
/// [org.ternlm.quant.AbsMax]. A [org.ternlm.quant.TernaryMatrix] is the plain form that every
/// [org.ternlm.quant.Packing] encodes from and decodes to; [org.ternlm.quant.Packings] lists them. Nothing here knows
/// files or SIMD; all of it is scalar and serves as the oracle of what is fast.
@NullMarked
package org.ternlm.quant;

import org.jspecify.annotations.NullMarked;
