/// Training from scratch with libtorch: what `tern train` does.
///
/// ```
/// config        what to train, from YAML
/// data          text → tokens in memory-mapped shards → batches, each computable from its step alone
/// torch         weights, gradients and the optimiser; the network in libtorch's own operations
/// fused         the same network's forward and backward pass, written out by hand
/// distributed   several processes that train together
/// run           the loop: schedule, validation, checkpoints, log, export
/// ```
@NullMarked
package org.ternlm.train;

import org.jspecify.annotations.NullMarked;
