package org.ternlm.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// An answer that comes in pieces, as server-sent events. Used by one thread.
public final class EventStream implements AutoCloseable {
    private static final byte[] BEFORE = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] AFTER = "\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream stream;

    EventStream(OutputStream stream) {
        this.stream = stream;
    }

    /// Sends a piece at once.
    ///
    /// @throws ClientGoneException if nobody listens
    public void send(JsonNode piece) {
        try {
            stream.write(BEFORE);
            // Jackson escapes line breaks inside of strings and writes none outside.
            stream.write(Json.bytes(piece));
            stream.write(AFTER);
            stream.flush();
        } catch (IOException | RuntimeException e) {
            throw gone(e);
        }
    }

    /// Says that the answer is complete.
    ///
    /// @throws ClientGoneException if nobody listens
    public void done() {
        try {
            stream.write(DONE);
            stream.flush();
        } catch (IOException | RuntimeException e) {
            throw gone(e);
        }
    }

    private static ClientGoneException gone(Exception cause) {
        ClientGoneException gone = new ClientGoneException();
        gone.addSuppressed(cause);
        return gone;
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            throw gone(e);
        }
    }
}
