package org.ternlm.generate;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// A request that a [Scheduler] has taken. Safe for several threads.
public final class Ticket {
    private final CompletableFuture<Generation> result = new CompletableFuture<>();
    private volatile boolean cancelled;

    Ticket() {}

    /// Ends the generation after the step under way, or before its first; idempotent. [#await] then gives what there is.
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
    /// @throws RuntimeException what the listener, the mask or the model threw
    public Generation await() throws InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException problem) {
            throw unchecked(problem.getCause());
        }
    }

    /// What can be thrown in place of `problem`.
    static RuntimeException unchecked(@Nullable Throwable problem) {
        return switch (problem) {
            case RuntimeException sound -> sound;
            case Error error -> throw error;
            case null, default -> new IllegalStateException(problem);
        };
    }
}
