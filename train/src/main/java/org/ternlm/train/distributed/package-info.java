/// Several processes that train one model: data parallel over libtorch's c10d with Gloo, on one machine or many.
///
/// ```
/// Membership     who this process is, from the environment
/// WorkerGroup    what the processes do together: sums, broadcasts
/// LocalWorkers   starts the processes of one machine
/// ```
///
/// A group never mends itself. Whoever loses a worker stops with a [LostWorkerException], and so do all others; the job
/// is started again and resumes from its last checkpoint.
@NullMarked
package org.ternlm.train.distributed;

import org.jspecify.annotations.NullMarked;
