package org.ternlm.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// Serves a folder as the repository `org/stories` of a hub, on a free port of the loopback device.
final class ModelServer implements AutoCloseable {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    final AtomicInteger filesServed = new AtomicInteger();
    private final Path folder;
    private final HttpServer server;

    ModelServer(Path folder) throws IOException {
        this.folder = folder;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/api/models/org/stories/revision/main", exchange -> send(exchange, 200,
                ("{\"sha\":\"" + COMMIT + "\"}").getBytes(StandardCharsets.UTF_8)));
        server.createContext("/api/models/org/stories/tree/" + COMMIT, exchange -> send(exchange, 200, tree()));
        server.createContext("/org/stories/resolve/" + COMMIT + "/", this::file);
        server.createContext("/", exchange -> send(exchange, 404, "{}".getBytes(StandardCharsets.UTF_8)));
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void file(HttpExchange exchange) throws IOException {
        filesServed.incrementAndGet();
        String name = Path.of(exchange.getRequestURI().getPath()).getFileName().toString();
        send(exchange, 200, Files.readAllBytes(folder.resolve(name)));
    }

    private byte[] tree() throws IOException {
        ArrayNode tree = new ObjectMapper().createArrayNode();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                byte[] bytes = Files.readAllBytes(file);
                ObjectNode entry = tree.addObject().put("type", "file").put("path", file.getFileName().toString())
                        .put("size", bytes.length).put("oid", "0".repeat(40));
                entry.putObject("lfs").put("oid", sha256(bytes)).put("size", bytes.length);
            }
        }
        return tree.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException(absent);
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
