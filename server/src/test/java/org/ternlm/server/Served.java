package org.ternlm.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.ternlm.generate.Tern;

/// A server of a small model on a free port, and a plain client.
final class Served implements AutoCloseable {
    static final String NAME = "tinystories-ternary-3M";
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Path MODEL = Path.of(System.getProperty("tern.root", "..")).resolve("testdata/models")
            .resolve(NAME);

    private final HttpClient client = HttpClient.newHttpClient();
    final Tern tern;
    final TernServer server;

    private Served(Tern tern, ServerOptions options) {
        this.tern = tern;
        server = TernServer.start(tern, options.withPort(0));
    }

    static Served start() {
        return start(options -> options);
    }

    static Served start(UnaryOperator<ServerOptions> options) {
        Tern tern = Tern.open(MODEL);
        try {
            return new Served(tern, options.apply(ServerOptions.usual()));
        } catch (RuntimeException e) {
            tern.close();
            throw e;
        }
    }

    /// An answer, its body as text.
    record Reply(int status, String body, HttpResponse<String> whole) {
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /// The JSON of each event of a stream.
        List<JsonNode> events() {
            List<JsonNode> events = new ArrayList<>();
            for (String line : body.split("\n\n", -1)) {
                if (line.startsWith("data: ") && !line.equals("data: [DONE]")) {
                    try {
                        events.add(JSON.readTree(line.substring(6)));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
            return events;
        }
    }

    Reply get(String path, String... headers) {
        return send(request(path, headers).GET().build());
    }

    /// Posts JSON; quotes may be single ones.
    Reply post(String path, String json, String... headers) {
        return send(request(path, headers).header("Content-Type", "application/json").POST(
                BodyPublishers.ofString(json.replace('\'', '"'))).build());
    }

    HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path)).timeout(
                Duration.ofMinutes(2));
        return headers.length == 0 ? request : request.headers(headers);
    }

    Reply send(HttpRequest request) {
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.body(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Waits until the scheduler has nothing to do any more.
    void awaitIdle() {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (server.state().running() + server.state().waiting() > 0) {
            if (System.nanoTime() > end) {
                throw new AssertionError("still busy: " + server.state());
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
        tern.close();
    }
}
