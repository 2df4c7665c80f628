package org.ternlm.train.distributed;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Calls of native code that waits for another machine, some of it without any limit: each on a daemon thread of its own,
/// which is left behind if it does not come back in time. Whatever that thread uses must then stay allocated.
final class BoundedCall {
    private BoundedCall() {}

    /// @throws TimeoutException if `call` takes longer; it goes on
    /// @throws CancellationException if this thread is interrupted
    static <T> T within(Duration limit, Supplier<T> call) throws TimeoutException {
        FutureTask<T> task = new FutureTask<>(call::get);
        Thread.ofPlatform().daemon().name("tern-group").start(task);
        try {
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for the other workers");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException problem -> throw problem;
                case Error problem -> throw problem;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }
}
