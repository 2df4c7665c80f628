package org.ternlm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ternlm.server.Served.Reply;

/// Who may ask, for how long, and what becomes of clients that go away.
class HttpTest {
    private static final String LONG = "{'prompt': 'Once upon a time', 'max_tokens': 400, 'temperature': 0, "
            + "'ignore_eos': true%s}";
    private static Served served;

    @BeforeAll
    static void start() {
        served = Served.start(options -> options.withSequences(1).withQueue(1));
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    private static void awaitRunning(Served served, int count) throws InterruptedException {
        for (int i = 0; i < 2000 && served.server.state().running() + served.server.state().waiting() < count; i++) {
            Thread.sleep(5);
        }
        assertThat(served.server.state().running() + served.server.state().waiting()).isGreaterThanOrEqualTo(count);
    }

    @Test
    void everyAnswerHasAnIdOfItsOwn() {
        Reply first = served.get("/health");
        Reply second = served.get("/nowhere");
        assertThat(first.json().get("status").asText()).isEqualTo("ok");
        assertThat(first.whole().headers().firstValue("x-request-id")).isPresent().isNotEqualTo(
                second.whole().headers().firstValue("x-request-id"));
        assertThat(second.status()).isEqualTo(404);
        assertThat(second.whole().headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(second.json().get("error").get("code").asText()).isEqualTo("not_found");
    }

    @Test
    void methodsThatAPathDoesNotHaveAreNamed() {
        Reply reply = served.get("/v1/completions");
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.whole().headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void listsItsModel() {
        Reply list = served.get("/v1/models");
        assertThat(list.json().get("object").asText()).isEqualTo("list");
        assertThat(list.json().get("data").get(0).get("id").asText()).isEqualTo(Served.NAME);
        assertThat(served.get("/v1/models/" + Served.NAME).json()).isEqualTo(list.json().get("data").get(0));
        assertThat(served.get("/v1/models/gpt-5").status()).isEqualTo(404);
    }

    @Test
    void measuresWhatItDoes() {
        served.post("/v1/completions", "{'prompt': 'The', 'max_tokens': 3, 'ignore_eos': true}");
        String metrics = served.get("/metrics").body();
        assertThat(metrics).contains("tern_running ", "tern_waiting ", "tern_cache_bytes ",
                "tern_generated_tokens_total ", "tern_prompt_tokens_total ", "tern_reused_tokens_total ",
                "tern_first_token_seconds_bucket", "tern_requests_seconds_count");
        assertThat(metrics).containsPattern(
                "tern_requests_seconds_count\\{route=\"/v1/completions\",status=\"200\"\\} [1-9]");
    }

    @Test
    void aClientThatGoesAwayWhileNothingIsWrittenEndsItsGeneration() throws InterruptedException {
        try (Raw raw = new Raw(served.server.port())) {
            raw.send(Raw.post("/v1/completions", LONG.formatted("")));
            awaitRunning(served, 1);
        }
        assertEndsSoon();
    }

    @Test
    void aClientThatIsKilledEndsItsGeneration() throws InterruptedException {
        Raw raw = new Raw(served.server.port());
        raw.send(Raw.post("/v1/completions", LONG.formatted("")));
        awaitRunning(served, 1);
        raw.reset();
        assertEndsSoon();
    }

    @Test
    void aClientThatLeavesAStreamEndsItsGeneration() {
        try (Raw raw = new Raw(served.server.port())) {
            raw.send(Raw.post("/v1/completions", LONG.formatted(", 'stream': true")));
            raw.awaitText("data: ");
        }
        assertEndsSoon();
    }

    private static void assertEndsSoon() {
        long before = served.server.state().generatedTokens();
        served.awaitIdle();
        // Far fewer than were asked for.
        assertThat(served.server.state().generatedTokens() - before).isLessThan(200);
        assertThat(served.get("/health").status()).isEqualTo(200);
    }

    @Test
    void whoFindsTheQueueFullIsToldToComeBack() throws InterruptedException {
        try (Raw first = new Raw(served.server.port()); Raw second = new Raw(served.server.port())) {
            first.send(Raw.post("/v1/completions", LONG.formatted("")));
            awaitRunning(served, 1);
            second.send(Raw.post("/v1/completions", LONG.formatted("")));
            awaitRunning(served, 2);
            for (String stream : new String[] {"", ", 'stream': true"}) {
                Reply third = served.post("/v1/completions", LONG.formatted(stream));
                assertThat(third.status()).isEqualTo(503);
                assertThat(third.whole().headers().firstValue("Retry-After")).contains("1");
                assertThat(third.json().get("error").get("code").asText()).isEqualTo("overloaded");
            }
        }
        served.awaitIdle();
    }

    @Test
    void morePromptsThanFitAtOnceComeOneAfterTheOther() {
        Reply reply = served.post("/v1/completions",
                "{'prompt': ['a', 'b', 'c', 'd', 'e', 'f'], 'max_tokens': 2, 'ignore_eos': true}");
        assertThat(reply.json().get("choices")).hasSize(6);
    }

    @Test
    void aKeyIsAskedForWhereThereIsOne() {
        try (Served guarded = Served.start(options -> options.withApiKey("secret-key"))) {
            String request = "{'prompt': 'a', 'max_tokens': 1}";
            for (String[] headers : new String[][] {{}, {"Authorization", "Bearer secret-kez"},
                    {"Authorization", "Bearer "}, {"Authorization", "Basic secret-key"},
                    {"Authorization", "secret-key"}, {"Authorization", "Bearer secret-key2"}}) {
                Reply reply = guarded.post("/v1/completions", request, headers);
                assertThat(reply.status()).isEqualTo(401);
                assertThat(reply.json().get("error").get("code").asText()).isEqualTo("invalid_api_key");
                assertThat(reply.whole().headers().firstValue("WWW-Authenticate")).contains("Bearer");
                assertThat(reply.body()).doesNotContain("secret-key");
            }
            String[] right = {"Authorization", "Bearer secret-key"};
            assertThat(guarded.post("/v1/completions", request, right).status()).isEqualTo(200);
            assertThat(guarded.get("/v1/models").status()).isEqualTo(401);
            assertThat(guarded.get("/metrics").status()).isEqualTo(401);
            assertThat(guarded.get("/metrics", right).status()).isEqualTo(200);
            assertThat(guarded.get("/health").status()).isEqualTo(200);
        }
    }

    @Test
    void otherMachinesNeedAKey() {
        assertThatThrownBy(() -> TernServer.start(served.tern, ServerOptions.usual().withHost("0.0.0.0")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("expected an API key");
        assertThatThrownBy(() -> TernServer.start(served.tern, ServerOptions.usual().withCorsOrigin("*")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("expected an API key");
        try (TernServer open = TernServer.start(served.tern, ServerOptions.usual().withHost("0.0.0.0").withPort(0)
                .withInsecure(true))) {
            assertThat(open.port()).isPositive();
        }
    }

    @Test
    void onlyNamesThatAreKnownAreAnsweredTo() {
        try (Served named = Served.start(options -> options.withHostNames(Set.of("My-Machine.lan")))) {
            for (String host : new String[] {"localhost", "LOCALHOST:80", "127.0.0.1:9", "[::1]:8080",
                    "my-machine.lan:8080"}) {
                assertThat(statusFor(named, host)).as(host).isEqualTo(200);
            }
            for (String host : new String[] {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example",
                    "my-machine", "1.2.3"}) {
                assertThat(statusFor(named, host)).as(host).isEqualTo(421);
            }
        }
    }

    private static int statusFor(Served server, String host) {
        try (Raw raw = new Raw(server.server.port())) {
            return Raw.status(raw.send(Raw.bytes("GET /health HTTP/1.1\r\nHost: " + host + "\r\n\r\n")).receive(
                    Duration.ofSeconds(5)));
        }
    }

    @Test
    void pagesOfOtherOriginsMayAskOnlyIfTheyAreLetIn() {
        String[] foreign = {"Origin", "https://page.example"};
        Reply closed = served.get("/v1/models", foreign);
        assertThat(closed.whole().headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(preflight(served, "https://page.example").status()).isEqualTo(405);
        try (Served open = Served.start(options -> options.withCorsOrigin("https://page.example"))) {
            assertThat(open.get("/v1/models", foreign).whole().headers().firstValue("Access-Control-Allow-Origin"))
                    .contains("https://page.example");
            assertThat(open.get("/v1/models", "Origin", "https://other.example").whole().headers()
                    .firstValue("Access-Control-Allow-Origin")).isEmpty();
            Reply allowed = preflight(open, "https://page.example");
            assertThat(allowed.status()).isEqualTo(204);
            assertThat(allowed.whole().headers().firstValue("Access-Control-Allow-Headers")).contains(
                    "authorization,content-type,x-stainless-os");
        }
    }

    private static Reply preflight(Served server, String origin) {
        return server.send(server.request("/v1/chat/completions", "Origin", origin, "Access-Control-Request-Method",
                "POST", "Access-Control-Request-Headers", "authorization,content-type,x-stainless-os").method("OPTIONS",
                        BodyPublishers.noBody())
                .build());
    }

    @Test
    void requestsEndWithTheirTime() {
        try (Served hasty = Served.start(options -> options.withTimeLimit(Duration.ofMillis(300)))) {
            Reply cut = hasty.post("/v1/completions", LONG.formatted(""));
            // Depending on the machine, a part of the text is there by then.
            assertThat(cut.status()).isIn(200, 504);
            Reply without = hasty.post("/v1/completions",
                    "{'prompt': ['a', 'b', 'c', 'd'], 'n': 16, 'max_tokens': 400, 'ignore_eos': true}");
            assertThat(without.status()).isEqualTo(504);
            assertThat(without.json().get("error").get("code").asText()).isEqualTo("timeout");
            hasty.awaitIdle();
        }
    }

    @Test
    void moreConnectionsThanAllowedAreRefused() throws InterruptedException {
        try (Served small = Served.start(options -> options.withMaxConnections(2));
                Raw first = new Raw(
                        small.server.port());
                Raw second = new Raw(small.server.port())) {
            for (int i = 0; i < 200 && small.server.connections() < 2; i++) {
                Thread.sleep(10);
            }
            try (Raw third = new Raw(small.server.port())) {
                assertThat(Raw.status(third.receive(Duration.ofSeconds(5)))).isEqualTo(503);
            }
            String health = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
            assertThat(Raw.status(first.send(Raw.bytes(health)).receive(Duration.ofSeconds(5)))).isEqualTo(200);
            assertThat(Raw.status(second.send(Raw.bytes(health)).receive(Duration.ofSeconds(5)))).isEqualTo(200);
        }
    }

    @Test
    void answersUnderWayComeToTheirEndWhenItStops() throws Exception {
        Served stopping = Served.start();
        CompletableFuture<Reply> whole = CompletableFuture.supplyAsync(() -> stopping.post("/v1/completions",
                "{'prompt': 'Once upon a time', 'max_tokens': 60, 'temperature': 0, 'ignore_eos': true}"));
        awaitRunning(stopping, 1);
        stopping.server.close();
        assertThat(whole.get().status()).isEqualTo(200);
        assertThat(whole.get().json().get("usage").get("completion_tokens").asInt()).isEqualTo(60);
        stopping.close();
    }

    @Test
    void answersThatTakeTooLongAreCutWhenItStops() throws Exception {
        Served stopping = Served.start(options -> options.withDrainLimit(Duration.ofMillis(50)));
        CompletableFuture<Reply> whole = CompletableFuture.supplyAsync(() -> stopping.post("/v1/completions", LONG
                .formatted("")));
        CompletableFuture<Reply> stream = CompletableFuture.supplyAsync(() -> stopping.post("/v1/completions", LONG
                .formatted(", 'stream': true")));
        awaitRunning(stopping, 2);
        stopping.server.close();
        assertThat(whole.get().status()).isEqualTo(503);
        if (stream.get().status() == 200) {
            assertThat(stream.get().body()).contains("shutting down").doesNotContain("[DONE]");
        }
        stopping.close();
    }
}
