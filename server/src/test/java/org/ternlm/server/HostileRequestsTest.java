package org.ternlm.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Requests that nobody well-meaning sends: each gets an error quickly, or the connection is closed, and the server goes
/// on.
class HostileRequestsTest {
    private static final String API = "/v1/completions";
    private static final int CLOSED = 0;
    private static Served served;

    @BeforeAll
    static void start() {
        served = Served.start(options -> options.withReceiveLimit(Duration.ofMillis(700)).withMaxBodyBytes(100_000)
                .withIdleLimit(Duration.ofSeconds(2)));
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    private record Hostile(String name, byte[] bytes, int... statuses) {
        static Hostile of(String name, String bytes, int... statuses) {
            return new Hostile(name, Raw.bytes(bytes), statuses);
        }

        static Hostile json(String name, String body, int... statuses) {
            return new Hostile(name, Raw.post(API, body), statuses);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static String head(String... lines) {
        return "POST " + API + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + String.join("\r\n", lines) + "\r\n\r\n";
    }

    private static byte[] body(byte[] body) {
        return Raw.join(Raw.bytes(head("Content-Length: " + body.length)), body);
    }

    static Stream<Hostile> bodies() {
        String deep = "[".repeat(50_000);
        return Stream.of(Hostile.json("nothing", "", 400), Hostile.json("no object", "7", 400),
                Hostile.json("two values", "{'prompt': 'a'} {'prompt': 'b'}", 400),
                Hostile.json("a name twice", "{'prompt': 'a', 'prompt': 'b'}", 400),
                Hostile.json("half of it", "{'prompt': 'a", 400), Hostile.json("deep arrays", deep, 400),
                Hostile.json("deep arrays in a prompt", "{'prompt': " + deep, 400),
                Hostile.json("deep objects", "{'a':".repeat(20_000), 400),
                Hostile.json("a number of a thousand digits", "{'prompt': 'a', 'n': " + "9".repeat(1000) + "}", 400),
                Hostile.json("a huge exponent", "{'prompt': 'a', 'max_tokens': 1e999999999}", 400),
                Hostile.json("NaN", "{'prompt': 'a', 'temperature': NaN}", 400),
                Hostile.json("comments", "{/* */'prompt': 'a'}", 400),
                Hostile.json("wrong types", "{'prompt': {'a': 1}, 'n': [], 'stop': {}, 'stream': 'yes'}", 400),
                Hostile.json("an unknown name of 90 kB", "{'" + "x".repeat(90_000) + "': 1}", 400),
                Hostile.json("99,000 stop strings", "{'prompt': 'a', 'stop': [" + "'a',".repeat(20_000) + "'a']}", 400),
                Hostile.json("a prompt longer than the context", "{'prompt': '" + "a b ".repeat(20_000) + "'}", 400),
                Hostile.json("4,000 prompts", "{'prompt': [" + "'a',".repeat(4_000) + "'a']}", 400),
                Hostile.json("zero bytes", "{'prompt': '\0\0\0'}", 400),
                Hostile.json("a body of 200 kB", "{'prompt': '" + "a".repeat(200_000) + "'}", 413),
                new Hostile("invalid UTF-8", body(Raw.bytes("{\"prompt\": \"\u00C3\u0028\u00FF\"}")), 400),
                new Hostile("UTF-16", body("{\"prompt\": \"a\"}".getBytes(StandardCharsets.UTF_16)), 400),
                new Hostile("an overlong form", body(Raw.bytes("{\"prompt\": \"\u00C0\u00AF\"}")), 400));
    }

    static Stream<Hostile> heads() {
        String small = "{\"prompt\": \"a\", \"max_tokens\": 1}";
        return Stream.of(Hostile.of("no HTTP", "hello\r\n\r\n", 400),
                Hostile.of("garbage", "\u0000\u0001\u0002\r\n\r\n", 400),
                Hostile.of("TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\n\n", 400),
                Hostile.of("HTTP/1.0", "GET /health HTTP/1.0\r\n\r\n", 505),
                Hostile.of("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
                Hostile.of("no Host", "GET /health HTTP/1.1\r\n\r\n", 400),
                Hostile.of("two Hosts", "GET /health HTTP/1.1\r\nHost: a\r\nHost: localhost\r\n\r\n", 400),
                Hostile.of("a foreign Host", "GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
                Hostile.of("a Host like ours", "GET /health HTTP/1.1\r\nHost: localhost.evil.example:80\r\n\r\n", 421),
                Hostile.of("a path up", "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", 404, 400),
                Hostile.of("a path up, encoded", "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        404,
                        400),
                Hostile.of("a path up to a model", "GET /v1/models/..%2f..%2fetc HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        404),
                Hostile.of("a whole URL", "GET http://evil.example/health HTTP/1.1\r\nHost: localhost\r\n\r\n", 404,
                        400),
                Hostile.of("a zero in the path", "GET /a%00b HTTP/1.1\r\nHost: localhost\r\n\r\n", 404, 400),
                Hostile.of("a line of 100 kB", "GET /" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        414,
                        400),
                Hostile.of("a thousand headers",
                        "GET /health HTTP/1.1\r\nHost: localhost\r\n" + "X-A: b\r\n".repeat(20_000)
                                + "\r\n",
                        431, 400),
                Hostile.of("a header of 1 MB",
                        "GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: " + "a".repeat(1_000_000)
                                + "\r\n\r\n",
                        431, 400),
                Hostile.of("a header without a name", "GET /health HTTP/1.1\r\nHost: localhost\r\n: b\r\n\r\n", 400),
                Hostile.of("a header on two lines", "GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: a\r\n b\r\n\r\n",
                        400),
                Hostile.of("an unknown method", "BREW /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
                Hostile.of("TRACE", "TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n", 404, 405),
                Hostile.of("CONNECT", "CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, 404, 405),
                Hostile.of("DELETE a model",
                        "DELETE /v1/models/" + Served.NAME + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        405),
                Hostile.of("a negative length", head("Content-Length: -5") + small, 400),
                Hostile.of("no number as a length", head("Content-Length: five") + small, 400),
                Hostile.of("a length of 10 EB", head("Content-Length: 9999999999999999999"), 400, 413),
                Hostile.of("a length of 1 GB", head("Content-Length: 1000000000") + small, 413),
                Hostile.of("two lengths", head("Content-Length: 5", "Content-Length: 33") + small, 400),
                Hostile.of("length and chunks", head("Content-Length: 5", "Transfer-Encoding: chunked") + "0\r\n\r\n",
                        400),
                Hostile.of("an unknown encoding", head("Transfer-Encoding: gzip, chunked") + "0\r\n\r\n", 501, 400),
                Hostile.of("chunks without size", head("Transfer-Encoding: chunked") + "x\r\n" + small, 400),
                Hostile.of("a negative chunk", head("Transfer-Encoding: chunked") + "-1\r\n" + small, 400),
                Hostile.of("a chunk of 4 GB", head("Transfer-Encoding: chunked") + "FFFFFFFF\r\n" + small, 400, 413),
                Hostile.of("chunks of 1 MB",
                        head("Transfer-Encoding: chunked") + ("1000\r\n" + "a".repeat(4096) + "\r\n")
                                .repeat(256) + "0\r\n\r\n",
                        413, 400),
                Hostile.of("compressed", head("Content-Encoding: gzip", "Content-Length: 5") + "\u001f\u008b\b\0\0",
                        400),
                Hostile.of("a form, as pages of other origins post it",
                        "POST " + API + " HTTP/1.1\r\nHost: localhost\r\n"
                                + "Content-Type: text/plain\r\nContent-Length: " + small.length() + "\r\n\r\n" + small,
                        415),
                Hostile.of("no content type", "POST " + API + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                        + small.length() + "\r\n\r\n" + small, 415),
                Hostile.of("an answer split by a header",
                        "GET /v1/models/a%0d%0aX-A:%20b HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        404, 400));
    }

    static Stream<Hostile> slowOnes() {
        return Stream.of(Hostile.of("half a first line", "GET /hea", 408), Hostile.of("half of the headers",
                "GET /health HTTP/1.1\r\nHost: loc", 408),
                Hostile.of("half a body",
                        head("Content-Length: 500") + "{\"prompt\"", 408),
                Hostile.of("half a chunk", head("Transfer-Encoding: chunked") + "1F\r\n{\"pro", 408));
    }

    @ParameterizedTest
    @MethodSource({"bodies", "heads", "slowOnes"})
    void getAnError(Hostile hostile) {
        long start = System.nanoTime();
        try (Raw raw = new Raw(served.server.port())) {
            String answer = raw.send(hostile.bytes()).receive(Duration.ofSeconds(3));
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(Raw.status(answer)).as(answer)
                    .isIn(java.util.Arrays.stream(hostile.statuses()).boxed().toList());
            assertThat(answer).contains("\"error\":{\"message\":").doesNotContain("helidon", "Exception", "org.ternlm",
                    "/work", "\tat ");
            assertThat(took).isLessThan(Duration.ofMillis(3800));
        }
    }

    @ParameterizedTest
    @MethodSource("trickles")
    void oneByteAtATimeIsTooSlow(String head) throws InterruptedException {
        long start = System.nanoTime();
        try (Raw raw = new Raw(served.server.port())) {
            raw.send(Raw.bytes(head));
            for (int i = 0; i < 12; i++) {
                raw.send(Raw.bytes("a"));
                Thread.sleep(100);
            }
            assertThat(Raw.status(raw.receive(Duration.ofSeconds(2)))).isIn(408, CLOSED);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        }
    }

    static Stream<String> trickles() {
        return Stream.of("GET /", "GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: ", head("Content-Length: 500"));
    }

    /// After each of them, and nothing is left over.
    @AfterEach
    void theServerGoesOn() {
        assertThat(served.get("/health").status()).isEqualTo(200);
        served.awaitIdle();
    }

    @AfterAll
    static void connectionsAreGone() throws InterruptedException {
        // The plain client keeps one or two.
        for (int i = 0; i < 50 && served.server.connections() > 2; i++) {
            Thread.sleep(100);
        }
        assertThat(served.server.connections()).isLessThanOrEqualTo(2);
    }
}
