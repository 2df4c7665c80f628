/// Training from scratch with libtorch: what `tern train` does.
///
/// ```
/// config        what to train, from YAML
/// data          text → tokens in memory-mapped shards → batches, each computable from its step alone
/// torch         the network and the optimiser in libtorch
/// distributed   several processes that train together
/// run           the loop: schedule, validation, checkpoints, log, export
/// ```
@NullMarked
package org.ternlm.train;

import org.jspecify.annotations.NullMarked;
