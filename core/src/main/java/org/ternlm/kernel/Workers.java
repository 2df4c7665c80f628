package org.ternlm.kernel;

import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A few threads that share one operation at a time, with less delay than an executor: they spin for a moment after
/// each operation, since the next one of the same token follows within microseconds, then yield, then sleep
/// ([Waiting]). An empty operation takes 0.3 µs while they are awake (`docs/threads.md`).
///
/// The calling thread works too, so `new Workers(1)` starts none. It waits only for ranges that others have begun: where
/// the system runs other programs instead of some of the threads, the others do their part ([SharedOperation]). One
/// operation at a time: a second caller waits. A task that shares something itself does that alone. The threads are
/// daemons and end with [#close].
///
/// Safe from several threads. An interrupted caller stays interrupted, and gets a whole result.
public final class Workers implements AutoCloseable {
    /// Below this many elementary steps (a weight times a token, say) sharing costs more than it saves.
    private static final long WORTH_SHARING = 400_000;
    private static final int MOST = 1024;
    /// Longer than most pauses between two operations of a token.
    private static final long SPIN_NANOS = 50_000;
    /// Waking a thread takes 50 µs and more, so it stays awake through the pauses between tokens.
    private static final long AWAKE_NANOS = 500_000;

    private final Worker[] workers;
    private final ReentrantLock turn = new ReentrantLock();
    private final long spinNanos;
    private volatile @Nullable SharedOperation current;
    private volatile boolean closed;

    /// Work on the items `from` (inclusive) to `to` (exclusive).
    @FunctionalInterface
    public interface RangeTask {
        /// Called from several threads at once, each with another range.
        void run(int from, int to);
    }

    /// @param parallelism how many threads work at once, the caller included
    /// @throws IllegalArgumentException if it is not 1 to 1024
    public Workers(int parallelism) {
        if (parallelism < 1 || parallelism > MOST) {
            throw new IllegalArgumentException("expected 1 to " + MOST + " threads, found " + parallelism);
        }
        // With more threads than processors, one that spins keeps one from running that has work.
        spinNanos = parallelism > Runtime.getRuntime().availableProcessors() ? 0 : SPIN_NANOS;
        workers = new Worker[parallelism - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker("tern-worker-" + (i + 1));
            workers[i].start();
        }
    }

    /// How many threads work at once, the caller included.
    public int parallelism() {
        return workers.length + 1;
    }

    /// Runs `task` over all of `0 … count - 1` and returns when all is done. What a task throws is thrown here, after
    /// the others have ended; ranges that nobody has begun by then stay undone.
    ///
    /// @param grain ranges start at multiples of this
    /// @param stepsPerItem how much work an item is; small operations stay on the calling thread
    /// @throws IllegalStateException after [#close]
    public void share(int count, int grain, long stepsPerItem, RangeTask task) {
        if (workers.length == 0 || count <= grain || stepsPerItem < WORTH_SHARING / count || isInTask()) {
            checkOpen();
            task.run(0, count);
            return;
        }
        turn.lock();
        try {
            checkOpen();
            rethrow(shareNow(new SharedOperation(count, grain, parallelism(), task)));
        } finally {
            turn.unlock();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("workers are closed");
        }
    }

    /// Whether the calling thread is working on an operation of these workers.
    private boolean isInTask() {
        return turn.isHeldByCurrentThread()
                || Thread.currentThread() instanceof Worker worker && worker.owner() == this;
    }

    private @Nullable Throwable shareNow(SharedOperation operation) {
        current = operation;
        for (Worker worker : workers) {
            worker.wake();
        }
        operation.takePart();
        return operation.await(waiting());
    }

    private Waiting waiting() {
        return new Waiting(spinNanos, AWAKE_NANOS);
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

    /// Ends the threads; idempotent. Waits for an operation that is under way.
    ///
    /// @throws IllegalStateException if a task of these workers calls it
    @Override
    public void close() {
        if (isInTask()) {
            throw new IllegalStateException("a task cannot close the workers that run it");
        }
        turn.lock();
        try {
            closed = true;
            boolean interrupted = false;
            for (Worker worker : workers) {
                worker.wake();
                interrupted |= worker.end();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        } finally {
            turn.unlock();
        }
    }

    private final class Worker extends Thread {
        private volatile boolean asleep;

        Worker(String name) {
            super(name);
            setDaemon(true);
        }

        Workers owner() {
            return Workers.this;
        }

        /// To be called after what it waits for has changed: either it sees that, or it is asleep here.
        void wake() {
            if (asleep) {
                asleep = false;
                LockSupport.unpark(this);
            }
        }

        /// Waits for its end; whether the caller was interrupted meanwhile.
        boolean end() {
            boolean interrupted = false;
            while (isAlive()) {
                try {
                    join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return interrupted;
        }

        @Override
        public void run() {
            SharedOperation seen = null;
            while (!closed) {
                SharedOperation now = awaitAnotherThan(seen);
                if (now != null) {
                    now.takePart();
                }
                seen = now;
            }
        }

        private @Nullable SharedOperation awaitAnotherThan(@Nullable SharedOperation seen) {
            Waiting waiting = waiting();
            while (current == seen && !closed) {
                if (!waiting.pause()) {
                    asleep = true;
                    if (current == seen && !closed) {
                        LockSupport.park(this);
                        // What a task may have left: parking would end at once for ever.
                        Thread.interrupted();
                    }
                    asleep = false;
                }
            }
            return current;
        }
    }
}
