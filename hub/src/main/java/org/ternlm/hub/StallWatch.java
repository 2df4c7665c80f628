package org.ternlm.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Closes streams on which somebody has waited for too long: a connection that went dead without a word would be waited
/// for without end. Safe to share.
final class StallWatch implements AutoCloseable {
    private static final int LOOKS_A_STALL = 4;

    private final Duration stall;
    private final Set<Body> bodies = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            work -> Thread.ofPlatform().daemon().name("tern-hub-watch").unstarted(work));

    StallWatch(Duration stall) {
        this.stall = stall;
        long pause = Math.max(1, stall.toMillis() / LOOKS_A_STALL);
        timer.scheduleWithFixedDelay(() -> bodies.forEach(Body::look), pause, pause, TimeUnit.MILLISECONDS);
    }

    /// The stream, which fails from now on where a read takes too long.
    InputStream watch(InputStream stream) {
        Body body = new Body(stream);
        bodies.add(body);
        return body;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private final class Body extends FilterInputStream {
        private static final long NOBODY_WAITS = Long.MIN_VALUE;
        private volatile long waitingSince = NOBODY_WAITS;
        private volatile boolean stalled;

        Body(InputStream stream) {
            super(stream);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            waitingSince = System.nanoTime();
            int count;
            try {
                count = in.read(target, offset, length);
            } catch (IOException problem) {
                throw stalled ? stall(problem) : problem;
            } finally {
                waitingSince = NOBODY_WAITS;
            }
            if (count < 0 && stalled) {
                throw stall(null);
            }
            return count;
        }

        private TemporaryFailure stall(@Nullable IOException cause) {
            TemporaryFailure failure = new TemporaryFailure("nothing arrived for %,d s".formatted(stall.toSeconds()));
            failure.initCause(cause);
            return failure;
        }

        @Override
        public void close() throws IOException {
            bodies.remove(this);
            in.close();
        }

        private void look() {
            long since = waitingSince;
            if (since != NOBODY_WAITS && System.nanoTime() - since > stall.toNanos()) {
                stalled = true;
                try {
                    close();
                } catch (IOException gone) {
                    // The reader learns that it stalled.
                }
            }
        }
    }
}
