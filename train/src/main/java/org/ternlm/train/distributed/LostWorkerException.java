package org.ternlm.train.distributed;

import java.util.Locale;

/// A worker is gone, hangs or cannot be reached: the group is of no use any more. The message is one line for the user:
/// who saw it, doing what, whom he misses, and what to do.
public final class LostWorkerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private LostWorkerException(String message, Throwable cause) {
        super(message, cause);
    }

    /// While the workers were finding each other: nothing has been trained since.
    static LostWorkerException joining(int rank, String what, Throwable cause) {
        return new LostWorkerException(
                "rank %d could not join the others: %s (start all ranks anew)".formatted(rank, what), cause);
    }

    /// In the middle of the work.
    ///
    /// @param doing such as "summing 12 floats"
    static LostWorkerException working(int rank, String doing, String what, Throwable cause) {
        return new LostWorkerException(String.format(Locale.ROOT, "rank %d stopped while %s: %s (the others stop too; "
                + "every rank resumes with --resume from the last checkpoint)", rank, doing, what), cause);
    }
}
