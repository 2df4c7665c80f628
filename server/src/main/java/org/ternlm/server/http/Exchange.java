package org.ternlm.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpMediaType;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// One request and its answer. Used by one thread.
public final class Exchange {
    /// Content type of JSON.
    public static final String JSON = "application/json";

    private final ServerRequest request;
    private final ServerResponse response;
    private final ClientConnection connection;
    private final String id;
    private final long start = System.nanoTime();
    private final Duration timeLimit;
    private String rest = "";
    private int status;
    private long tokens;
    private boolean closes;

    Exchange(ServerRequest request, ServerResponse response, ClientConnection connection, String id,
            Duration timeLimit) {
        this.request = request;
        this.response = response;
        this.connection = connection;
        this.id = id;
        this.timeLimit = timeLimit;
    }

    /// By which the server's log names the request; the answer's header says it too.
    public String id() {
        return id;
    }

    /// The method, in capitals.
    public String method() {
        return request.prologue().method().text();
    }

    /// The path as it was sent.
    public String path() {
        return request.prologue().uriPath().rawPath();
    }

    /// What stood in place of the braces in the route's path.
    public String rest() {
        return rest;
    }

    void rest(String value) {
        rest = value;
    }

    /// A header of the request, if it is there once.
    public Optional<String> header(HeaderName name) {
        return request.headers().first(name);
    }

    /// The time on the clock of [System#nanoTime()] until which the answer has to be there.
    public long deadline() {
        return start + timeLimit.toNanos();
    }

    /// Nanoseconds since the request came.
    public long age() {
        return System.nanoTime() - start;
    }

    /// The body as JSON.
    ///
    /// @throws ApiException if it is none
    public JsonNode json() {
        boolean isJson = request.headers().contentType().map(HttpMediaType::mediaType)
                .map(type -> type.text().equals(JSON)).orElse(false);
        if (!isJson) {
            throw ApiException.wrong(415, "unsupported_media_type", "Content-Type: expected " + JSON);
        }
        byte[] body = body();
        connection.received();
        return Json.read(body);
    }

    // Not closed: what a failure left unread would be waited for.
    private byte[] body() {
        try {
            return request.content().inputStream().readAllBytes();
        } catch (RequestException | CloseConnectionException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            // Such as sizes of chunks that are no numbers.
            throw Refusals.of(400);
        }
    }

    /// Calls `action` once, on any thread, should the client go away before the answer is complete. The body must have
    /// been read.
    public void whenGone(Runnable action) {
        connection.whenGone(action);
    }

    /// Sets a header of the answer.
    public Exchange with(HeaderName name, String value) {
        response.header(name, value);
        return this;
    }

    /// Answers with JSON.
    public void send(int code, JsonNode body) {
        send(code, JSON, Json.bytes(body));
    }

    /// Answers with text.
    public void send(int code, String contentType, String body) {
        send(code, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    /// Answers with bytes.
    public void send(int code, String contentType, byte[] body) {
        begin(code);
        response.header(HeaderNames.CONTENT_TYPE, contentType);
        response.send(body);
    }

    /// Answers without a body.
    public void sendNothing(int code) {
        begin(code);
        response.send();
    }

    /// Begins an answer of events.
    public EventStream events() {
        begin(200);
        response.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
        response.header(HeaderNames.CACHE_CONTROL, "no-cache");
        return new EventStream(response.outputStream());
    }

    private void begin(int code) {
        status = code;
        response.status(Status.create(code));
        if (hasUnreadBody()) {
            // What is left of it would be taken for the next request, or be waited for.
            closes = true;
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
    }

    private boolean hasUnreadBody() {
        return hasBody() && !request.content().consumed();
    }

    /// Ends the connection after the answer, if that is the last one.
    ///
    /// @throws CloseConnectionException to end it at once
    void closeIfLast() {
        if (closes) {
            throw new CloseConnectionException("a body was left unread");
        }
        if (request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
            connection.closeAfterAnswer();
        }
    }

    /// @throws ApiException if a header has no name
    void checkHeaders() {
        if (request.headers().stream().anyMatch(header -> header.name().isEmpty())) {
            throw Refusals.of(400);
        }
    }

    boolean hasBody() {
        return request.headers().contains(HeaderNames.TRANSFER_ENCODING)
                || request.headers().contentLength().orElse(0) > 0;
    }

    /// Whether an answer has begun, so that no other can be given.
    public boolean isAnswered() {
        return status != 0;
    }

    /// The answer's status, 0 before it begins.
    public int status() {
        return status;
    }

    void status(int code) {
        status = code;
    }

    /// Notes how many tokens the answer took, for the log.
    public void tokens(long count) {
        tokens = count;
    }

    long tokens() {
        return tokens;
    }
}
