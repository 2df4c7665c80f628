package org.ternlm.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A few threads that share one operation at a time, with less delay than an executor: they spin for a moment after
/// each operation, since the next one of the same token follows within microseconds, then yield, then park.
///
/// The calling thread works too, so `new Workers(1)` starts none. One operation at a time: a second caller waits. The
/// threads are daemons and end with [#close].
public final class Workers implements AutoCloseable {
    /// Below this many elementary steps (a weight times a token, say) sharing costs more than it saves.
    private static final long WORTH_SHARING = 400_000;
    /// Chunks a thread: more than one, so that a thread that was held up does not hold up the others.
    private static final int CHUNKS_PER_THREAD = 4;
    private static final int SPINS = 2_000;
    private static final int YIELDS = 50;

    private final Thread[] threads;
    private final AtomicInteger nextChunk = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private volatile int epoch;
    private volatile boolean closed;
    private volatile @Nullable Throwable failure;
    private int count;
    private int chunk;
    private @Nullable RangeTask task;

    /// Work on the items `from` (inclusive) to `to` (exclusive).
    @FunctionalInterface
    public interface RangeTask {
        /// Called from several threads at once, each with another range.
        void run(int from, int to);
    }

    /// @param parallelism how many threads work at once, the caller included
    /// @throws IllegalArgumentException if it is not 1 to 1024
    public Workers(int parallelism) {
        if (parallelism < 1 || parallelism > 1024) {
            throw new IllegalArgumentException("expected 1 to 1024 threads, found " + parallelism);
        }
        threads = new Thread[parallelism - 1];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(this::work, "tern-worker-" + (i + 1));
            threads[i].setDaemon(true);
            threads[i].start();
        }
    }

    /// How many threads work at once, the caller included.
    public int parallelism() {
        return threads.length + 1;
    }

    /// Runs `task` over all of `0 … count - 1` and returns when all is done.
    ///
    /// @param grain ranges start at multiples of this
    /// @param stepsPerItem how much work an item is; small operations stay on the calling thread
    /// @throws IllegalStateException after [#close]
    public void share(int count, int grain, long stepsPerItem, RangeTask task) {
        if (threads.length == 0 || count <= grain || count * stepsPerItem < WORTH_SHARING) {
            if (closed) {
                throw new IllegalStateException("workers are closed");
            }
            task.run(0, count);
            return;
        }
        shareNow(count, grain, task);
    }

    private synchronized void shareNow(int count, int grain, RangeTask task) {
        if (closed) {
            throw new IllegalStateException("workers are closed");
        }
        int even = Math.ceilDiv(count, parallelism() * CHUNKS_PER_THREAD);
        this.chunk = Math.ceilDiv(even, grain) * grain;
        this.count = count;
        this.task = task;
        failure = null;
        nextChunk.set(0);
        running.set(threads.length);
        epoch++;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
        takeChunks(task);
        awaitOthers();
        this.task = null;
        rethrow(failure);
    }

    private void takeChunks(RangeTask task) {
        try {
            int chunks = Math.ceilDiv(count, chunk);
            for (int i = nextChunk.getAndIncrement(); i < chunks; i = nextChunk.getAndIncrement()) {
                task.run(i * chunk, Math.min(count, (i + 1) * chunk));
            }
        } catch (Throwable t) {
            failure = t;
            nextChunk.set(count);
        }
    }

    private void awaitOthers() {
        for (int spins = 0; running.get() > 0; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    private static void rethrow(@Nullable Throwable failure) {
        switch (failure) {
            case null -> {
            }
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
    }

    private void work() {
        int seen = 0;
        while (true) {
            seen = awaitEpochAfter(seen);
            if (closed) {
                return;
            }
            RangeTask now = task;
            if (now != null) {
                takeChunks(now);
            }
            running.decrementAndGet();
        }
    }

    private int awaitEpochAfter(int seen) {
        for (int waits = 0; epoch == seen && !closed; waits++) {
            if (waits < SPINS) {
                Thread.onSpinWait();
            } else if (waits < SPINS + YIELDS) {
                Thread.yield();
            } else {
                LockSupport.park(this);
            }
        }
        return epoch;
    }

    /// Ends the threads; idempotent. Waits for an operation that is under way.
    @Override
    public synchronized void close() {
        closed = true;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
