package org.ternlm.train.distributed;

import java.time.Duration;
import java.util.concurrent.CancellationException;

/// A moment until which something is waited for.
record Deadline(long nanoTime) {
    private static final Duration PAUSE = Duration.ofMillis(50);

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    boolean isOver() {
        return System.nanoTime() - nanoTime >= 0;
    }

    /// The time left, at least a millisecond: some take none for no limit.
    Duration left() {
        return Duration.ofNanos(Math.max(1_000_000, nanoTime - System.nanoTime()));
    }

    /// Waits a moment before something is asked again.
    static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for the other workers");
        }
    }
}
