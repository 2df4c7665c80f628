package org.ternlm.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// A hub with one repository, `org/tiny`, on a free port of the loopback device. It works as it should, except for the
/// paths that were given another answer.
final class TestHub implements AutoCloseable {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final ModelReference TINY = ModelReference.parse("org/tiny");
    static final String RESOLVE = "/org/tiny/resolve/" + COMMIT + "/";
    static final String API = "/api/models/org/tiny/";
    static final Patience SHORT = new Patience(4, Duration.ofMillis(5), Duration.ofSeconds(2),
            Duration.ofMillis(1500));

    final Map<String, byte[]> files = new LinkedHashMap<>();
    final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Deque<HttpHandler>> next = new ConcurrentHashMap<>();
    private final Map<String, HttpHandler> always = new ConcurrentHashMap<>();
    private final Map<String, ObjectNode> entries = new ConcurrentHashMap<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// What somebody asked for.
    record Asked(String path, @Nullable String range, @Nullable String token) {}

    TestHub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
        files.put("config.json", "{}".getBytes(StandardCharsets.UTF_8));
        files.put("tokenizer.json", text("tokenizer"));
        files.put("model.safetensors", bytes(100_000));
        files.put("README.md", text("read me"));
        files.put("pytorch_model.bin", text("a pickle"));
    }

    static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    String address(String host) {
        return "http://" + host + ":" + server.getAddress().getPort();
    }

    /// Answers the next request for a path so; several in their order.
    void next(String path, HttpHandler handler) {
        next.computeIfAbsent(path, any -> new ArrayDeque<>()).add(handler);
    }

    /// Answers every request for a path so.
    void always(String path, HttpHandler handler) {
        always.put(path, handler);
    }

    /// Lists a file otherwise than it is.
    ObjectNode listed(String path) {
        return entries.computeIfAbsent(path, this::entry);
    }

    List<Asked> asked(String path) {
        return asked.stream().filter(one -> one.path().equals(path)).toList();
    }

    byte[] file(String path) {
        return files.getOrDefault(path, new byte[0]);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            asked.add(new Asked(path, exchange.getRequestHeaders().getFirst("Range"),
                    exchange.getRequestHeaders().getFirst("Authorization")));
            Deque<HttpHandler> queue = next.get(path);
            HttpHandler special = queue == null ? null : queue.poll();
            (special == null ? always.getOrDefault(path, this::usual) : special).handle(exchange);
        }
    }

    void usual(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.equals(API + "revision/main") || path.equals(API + "revision/" + COMMIT)) {
            send(exchange, 200, text("{\"sha\":\"" + COMMIT + "\"}"));
        } else if (path.equals(API + "tree/" + COMMIT)) {
            ArrayNode tree = new ObjectMapper().createArrayNode();
            tree.addObject().put("type", "directory").put("path", "folder");
            files.keySet().forEach(file -> tree.add(listed(file)));
            send(exchange, 200, text(tree.toString()));
        } else if (path.startsWith(RESOLVE) && files.containsKey(path.substring(RESOLVE.length()))) {
            sendRange(exchange, file(path.substring(RESOLVE.length())));
        } else {
            send(exchange, 404, text("{}"));
        }
    }

    static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    static void sendRange(HttpExchange exchange, byte[] file) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range == null) {
            send(exchange, 200, file);
            return;
        }
        int from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
        if (from >= file.length) {
            send(exchange, 416, new byte[0]);
            return;
        }
        exchange.getResponseHeaders().add("Content-Range",
                "bytes %d-%d/%d".formatted(from, file.length - 1, file.length));
        send(exchange, 206, Arrays.copyOfRange(file, from, file.length));
    }

    /// Announces the whole of what is asked for, and hangs up after some bytes of it.
    static HttpHandler cutAfter(byte[] file, int count) {
        return exchange -> {
            exchange.sendResponseHeaders(200, file.length);
            exchange.getResponseBody().write(file, 0, count);
            exchange.getResponseBody().flush();
        };
    }

    static HttpHandler status(int status, String... headers) {
        return exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            send(exchange, status, new byte[0]);
        };
    }

    /// Large files are listed with a SHA-256, others with the name that Git gives them.
    private ObjectNode entry(String path) {
        byte[] file = file(path);
        ObjectNode entry = new ObjectMapper().createObjectNode().put("type", "file").put("path", path)
                .put("size", file.length);
        entry.put("oid", hash("SHA-1", text("blob " + file.length + "\0"), file));
        if (file.length > 1000) {
            entry.putObject("lfs").put("oid", hash("SHA-256", file)).put("size", file.length);
        }
        return entry;
    }

    static String hash(String algorithm, byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            for (byte[] part : parts) {
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException(absent);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
