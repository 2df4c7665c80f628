package org.ternlm.train.data;

/// How batches are cut from a split.
///
/// @param length positions of a window; a window holds one token more, the target of the last position
/// @param rows windows of a step, over all workers together
/// @param packing how documents get into windows
/// @param seed decides every order
/// @param rank the worker, 0 to `workers` - 1; it gets rows `rank`, `rank + workers`, … of each step
/// @param workers how many share the rows of a step
public record BatchPlan(int length, int rows, Packing packing, long seed, int rank, int workers) {

    /// How documents get into windows.
    public enum Packing {
        /// The documents of an epoch in a shuffled order, one behind the other, and epoch behind epoch, are one stream; a
        /// window is the next `length` tokens of it and one more. No token is lost and none is padding. The windows of an
        /// epoch are visited in a shuffled order too, or else the rows of a step would come from one long document.
        STREAM,
        /// A window holds tokens of one document. A document of n tokens takes ⌈(n - 1) / length⌉ windows, the last of
        /// them padded.
        DOCUMENT
    }

    public BatchPlan {
        if (length < 1 || length == Integer.MAX_VALUE || rows < 1) {
            throw new IllegalArgumentException("expected at least one position and one row, found %d positions, %d rows"
                    .formatted(length, rows));
        }
        if (workers < 1 || rank < 0 || rank >= workers) {
            throw new IllegalArgumentException(
                    "expected a rank below the number of workers, found rank %d of %d workers"
                            .formatted(rank, workers));
        }
    }

    /// Windows of `length` positions, `rows` a step, cut from one stream, for a single worker.
    public static BatchPlan of(int length, int rows, long seed) {
        return new BatchPlan(length, rows, Packing.STREAM, seed, 0, 1);
    }

    /// The same with another packing.
    public BatchPlan withPacking(Packing other) {
        return new BatchPlan(length, rows, other, seed, rank, workers);
    }

    /// The same for one of several workers.
    public BatchPlan forWorker(int worker, int of) {
        return new BatchPlan(length, rows, packing, seed, worker, of);
    }
}
