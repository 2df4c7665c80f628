package org.ternlm.generate;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// A request that a [Scheduler] has taken. Safe for several threads.
public final class Ticket {
    private final CompletableFuture<Generation> result = new CompletableFuture<>();
    private volatile boolean cancelled;

    Ticket() {}

    /// Ends the generation after the step under way, or before its first; idempotent.
    public void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    CompletableFuture<Generation> result() {
        return result;
    }

    /// Whether it has ended, for whatever reason.
    public boolean isDone() {
        return result.isDone();
    }

    /// Waits for the end.
    ///
    /// @throws RuntimeException what the listener or the model threw
    public Generation await() throws InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException problem) {
            if (problem.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(problem.getCause());
        }
    }
}
