package org.ternlm.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Lets a long piece of work end in order at Ctrl-C: the JVM's shutdown cancels the work and waits until what is done so
/// far has been written. The process then ends with 130, as it would have anyway.
///
/// ```
/// try (Interruption interruption = Interruption.watch(session::cancel)) {
///     … work, write, flush …
/// }
/// ```
public final class Interruption implements AutoCloseable {
    /// Work that does not notice by then is given up.
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration AGAIN = Duration.ofMillis(50);

    private final CountDownLatch written = new CountDownLatch(1);
    private final Thread hook;

    private Interruption(Runnable cancel) {
        hook = new Thread(() -> interrupt(cancel), "tern-interruption");
    }

    /// Calls `cancel`, on another thread, should the process be asked to end before [#close()].
    public static Interruption watch(Runnable cancel) {
        Interruption interruption = new Interruption(cancel);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /// Says that all is written.
    @Override
    public void close() {
        written.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endsAlready) {
            // The hook is what made the work end: it runs, and goes on now.
        }
    }

    private void interrupt(Runnable cancel) {
        long start = System.nanoTime();
        try {
            // Again and again: the first call may come a moment before the work starts, which would not know of it.
            do {
                cancel.run();
            } while (!written.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS)
                    && System.nanoTime() - start < PATIENCE.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
