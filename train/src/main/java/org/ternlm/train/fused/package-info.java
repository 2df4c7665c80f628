/// The forward and backward pass of training on a CPU, written out by hand: libtorch multiplies matrices, everything
/// between two products is one pass over the rows. A general-purpose automatic differentiation makes ten passes over
/// memory where one is enough, and cannot multiply integers.
///
/// ```
/// FusedPass            a batch: shares its rows among workers, adds up their gradients
///   WorkerPass         some rows, from tokens to loss and back
///     AttentionLayer   FeedForwardLayer   Head
///       NormedInput    norm and int8 of a row, and back
///       Linear         a group of matrices with the same input
/// PreparedWeights      trits and scales of all matrices, once a step, shared by all workers
/// Block                rows in native memory that both libtorch and Java see
/// ```
@NullMarked
package org.ternlm.train.fused;

import org.jspecify.annotations.NullMarked;
