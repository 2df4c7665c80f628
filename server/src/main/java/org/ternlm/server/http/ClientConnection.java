package org.ternlm.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The connection to one client. What it reads has time limits; and while an answer is computed, someone reads on, so
/// that the client's going away is noticed although nothing is written.
///
/// Used by the connection's own thread, but for [#closeIfStalled].
final class ClientConnection implements DataWriter {
    /// That of the request that a thread answers.
    static final ScopedValue<ClientConnection> CURRENT = ScopedValue.newInstance();
    private static final long NEVER = Long.MAX_VALUE;
    private static final int MOST_LEFT_OVERS = 16 << 20;

    private final HelidonSocket socket;
    private final DataWriter writer;
    private final TimeLimits limits;
    /// The bytes to come, null at the end; or nobody reads.
    private @Nullable CompletableFuture<byte @Nullable []> reading;
    private boolean ended;
    private boolean closing;
    private long deadline = NEVER;
    private volatile long writingSince = NEVER;

    ClientConnection(HelidonSocket socket, DataWriter writer, TimeLimits limits) {
        this.socket = socket;
        this.writer = writer;
        this.limits = limits;
    }

    /// The next bytes, or null where the client sends no more.
    ///
    /// @throws RequestException with 408 if a request takes too long to come
    byte @Nullable [] read() {
        if (closing) {
            return null;
        }
        boolean between = deadline == NEVER;
        long patience = between ? limits.idle().toNanos() : deadline - System.nanoTime();
        CompletableFuture<byte @Nullable []> coming = reading == null ? startReading() : reading;
        try {
            byte @Nullable [] bytes = coming.get(patience, TimeUnit.NANOSECONDS);
            reading = null;
            ended = bytes == null;
            if (between) {
                deadline = System.nanoTime() + limits.receiving().toNanos();
            }
            return bytes;
        } catch (TimeoutException e) {
            reading = coming;
            throw between ? new CloseConnectionException("idle", e) : tooSlow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CloseConnectionException("interrupted", e);
        } catch (ExecutionException e) {
            ended = true;
            throw new ServerConnectionException("cannot be read", e.getCause());
        }
    }

    private static RequestException tooSlow() {
        return RequestException.builder().type(EventType.BAD_REQUEST).status(Status.REQUEST_TIMEOUT_408)
                .setKeepAlive(false).message("the request took too long to arrive").build();
    }

    private CompletableFuture<byte @Nullable []> startReading() {
        CompletableFuture<byte @Nullable []> coming = new CompletableFuture<>();
        Thread.ofVirtual().name("tern-connection-reader").start(() -> {
            try {
                coming.complete(socket.get());
            } catch (RuntimeException e) {
                coming.completeExceptionally(e);
            }
        });
        return coming;
    }

    /// The request has arrived: the next byte belongs to another.
    void received() {
        deadline = NEVER;
    }

    /// Reads no further request.
    void closeAfterAnswer() {
        closing = true;
    }

    /// Calls `action` once, on any thread, should the client go away before it sends another request.
    void whenGone(Runnable action) {
        if (ended) {
            action.run();
            return;
        }
        if (reading == null) {
            reading = startReading();
        }
        reading.whenComplete((bytes, problem) -> {
            if (bytes == null) {
                action.run();
            }
        });
    }

    /// Reads on for a moment after an error: were the connection closed with unread bytes, the client's system could
    /// throw the answer away before the client has seen it.
    void discardLeftOvers() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
        int left = MOST_LEFT_OVERS;
        try {
            while (!ended && !closing && left > 0 && System.nanoTime() < end) {
                deadline = end;
                byte @Nullable [] bytes = read();
                left -= bytes == null ? 0 : bytes.length;
            }
        } catch (RequestException | CloseConnectionException | UncheckedIOException over) {
            // It is closed now.
        }
    }

    /// Closes the connection if its client has not taken what was written for too long.
    void closeIfStalled(long now) {
        long since = writingSince;
        if (since != NEVER && now - since > limits.sending().toNanos()) {
            try {
                socket.close();
            } catch (UncheckedIOException alreadyClosed) {
                // That is what was wanted.
            }
        }
    }

    @Override
    public void write(BufferData... buffers) {
        writeWatched(() -> writer.write(buffers));
    }

    @Override
    public void write(BufferData buffer) {
        writeWatched(() -> writer.write(buffer));
    }

    @Override
    public void writeNow(BufferData... buffers) {
        writeWatched(() -> writer.writeNow(buffers));
    }

    @Override
    public void writeNow(BufferData buffer) {
        writeWatched(() -> writer.writeNow(buffer));
    }

    @Override
    public void flush() {
        writer.flush();
    }

    private void writeWatched(Runnable write) {
        writingSince = System.nanoTime();
        try {
            write.run();
        } finally {
            writingSince = NEVER;
        }
    }
}
