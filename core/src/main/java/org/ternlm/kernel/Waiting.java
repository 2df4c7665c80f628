package org.ternlm.kernel;

/// One wait of a thread, from awake to asleep: it spins, since what it waits for mostly comes within microseconds, then
/// offers its processor to others, and then should sleep.
final class Waiting {
    /// The clock is read once in so many spins: that takes as long as a spin.
    private static final int SPINS_A_LOOK = 16;

    private final long spinNanos;
    private final long awakeNanos;
    private long start;
    private int spins;

    /// @param spinNanos how long to spin
    /// @param awakeNanos how long to stay awake, spinning included
    Waiting(long spinNanos, long awakeNanos) {
        this.spinNanos = spinNanos;
        this.awakeNanos = awakeNanos;
    }

    /// Passes a moment; false when it is time to sleep.
    boolean pause() {
        if (++spins % SPINS_A_LOOK != 0 && spinNanos > 0) {
            Thread.onSpinWait();
            return true;
        }
        long now = System.nanoTime();
        if (start == 0) {
            start = now;
        }
        if (now - start < spinNanos) {
            Thread.onSpinWait();
        } else if (now - start < awakeNanos) {
            Thread.yield();
        } else {
            return false;
        }
        return true;
    }
}
