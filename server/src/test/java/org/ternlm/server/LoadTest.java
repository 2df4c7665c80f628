package org.ternlm.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ternlm.generate.GenerationRequest;
import org.ternlm.generate.Session;
import org.ternlm.generate.Tern;
import org.ternlm.server.Served.Reply;

/// Many clients at once, of which some go away and some ask for nonsense: whoever gets an answer gets the one that a
/// model with nothing else to do would give.
class LoadTest {
    private static final int CLIENTS = 32;
    private static final List<String> PROMPTS = List.of("Once upon a time", "Once upon a time, there was a little girl",
            "The dog", "One day, Tom and Sue went to the park. They saw a big", "It was a sunny day. ",
            "\\\"Look,\\\" said the cat", "She was sad because");
    private static final int[] LENGTHS = {1, 7, 24, 60};

    private record Wanted(String prompt, int tokens) {}

    @Test
    void twentySeconds() throws InterruptedException {
        load(Duration.ofSeconds(20));
    }

    @Test
    @Tag("soak")
    void fiveMinutes() throws InterruptedException {
        load(Duration.ofMinutes(5));
    }

    private static void load(Duration duration) throws InterruptedException {
        try (Served served = Served.start(options -> options.withSequences(8).withQueue(16))) {
            Crowd crowd = new Crowd(served, answersAlone(served.tern), System.nanoTime() + duration.toNanos());
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                SplittableRandom random = new SplittableRandom(i);
                clients.add(Thread.ofVirtual().start(() -> crowd.client(random)));
            }
            for (Thread client : clients) {
                client.join();
            }
            served.awaitIdle();
            crowd.report(duration);
            assertThat(crowd.problems).isEmpty();
            assertThat(crowd.counts.get("answer")).isGreaterThan(CLIENTS);
            assertThat(crowd.counts).containsKeys("gone", "gone in a stream", "wrong");
            // The plain client keeps some open for its next request.
            assertThat(served.server.connections()).isLessThanOrEqualTo(CLIENTS + 2);
            assertThat(served.get("/health").status()).isEqualTo(200);
        }
    }

    private static Map<Wanted, String> answersAlone(Tern tern) {
        Map<Wanted, String> answers = new ConcurrentHashMap<>();
        for (String prompt : PROMPTS) {
            for (int tokens : LENGTHS) {
                try (Session session = tern.session()) {
                    GenerationRequest request = tern.request(prompt.replace("\\\"", "\"")).withMaxTokens(tokens);
                    answers.put(new Wanted(prompt, tokens), session.generate(request).text());
                }
            }
        }
        return answers;
    }

    private static final class Crowd {
        private final Served served;
        private final Map<Wanted, String> alone;
        private final long end;
        private final Queue<String> problems = new ConcurrentLinkedQueue<>();
        private final Queue<Double> seconds = new ConcurrentLinkedQueue<>();
        private final Map<String, Integer> counts = new ConcurrentHashMap<>();

        Crowd(Served served, Map<Wanted, String> alone, long end) {
            this.served = served;
            this.alone = alone;
            this.end = end;
        }

        void client(SplittableRandom random) {
            try {
                while (System.nanoTime() < end) {
                    step(random);
                }
            } catch (RuntimeException | AssertionError e) {
                problems.add(e.toString());
            }
        }

        private void step(SplittableRandom random) {
            Wanted wanted = new Wanted(PROMPTS.get(random.nextInt(PROMPTS.size())), LENGTHS[random.nextInt(
                    LENGTHS.length)]);
            switch (random.nextInt(10)) {
                case 0 -> leave(random);
                case 1 -> leaveStream();
                case 2 -> askWrongly(random);
                case 3, 4, 5 -> ask(wanted, true);
                case 6 -> chat();
                default -> ask(wanted, false);
            }
        }

        private void count(String what) {
            counts.merge(what, 1, Integer::sum);
        }

        private void ask(Wanted wanted, boolean stream) {
            long start = System.nanoTime();
            Reply reply = served.post("/v1/completions", "{'prompt': '" + wanted.prompt() + "', 'max_tokens': "
                    + wanted.tokens() + ", 'temperature': 0, 'stream': " + stream + "}");
            if (isFull(reply)) {
                return;
            }
            if (reply.status() != 200) {
                problems.add(reply.status() + " " + reply.body());
                return;
            }
            String text = stream
                    ? reply.events().stream().flatMap(event -> event.findValuesAsText("text").stream()).collect(
                            Collectors.joining())
                    : reply.json().get("choices").get(0).get("text").asText();
            if (!text.equals(alone.get(wanted))) {
                problems.add("of %s: expected %s, found %s".formatted(wanted, alone.get(wanted), text));
            }
            seconds.add((System.nanoTime() - start) / 1e9);
            count("answer");
        }

        private boolean isFull(Reply reply) {
            if (reply.status() != 503 || reply.whole().headers().firstValue("Retry-After").isEmpty()) {
                return false;
            }
            count("full");
            pause(50);
            return true;
        }

        private static void pause(long millis) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private void chat() {
            Reply reply = served.post("/v1/chat/completions",
                    "{'messages': [{'role': 'user', 'content': 'Hello'}], 'max_tokens': 9, 'n': 2, 'logprobs': true}");
            if (!isFull(reply)) {
                if (reply.status() != 200 || reply.json().get("choices").size() != 2) {
                    problems.add(reply.status() + " " + reply.body());
                }
                count("chat");
            }
        }

        private void leave(SplittableRandom random) {
            try (Raw raw = new Raw(served.server.port())) {
                raw.send(Raw.post("/v1/completions", "{'prompt': 'The end', 'max_tokens': 300, 'ignore_eos': true}"));
                pause(random.nextInt(100));
                if (random.nextBoolean()) {
                    raw.reset();
                }
            }
            count("gone");
        }

        private void leaveStream() {
            try (Raw raw = new Raw(served.server.port())) {
                raw.send(Raw.post("/v1/completions", "{'prompt': 'The end', 'max_tokens': 300, 'stream': true, "
                        + "'ignore_eos': true}"));
                raw.awaitText("\r\n\r\n");
            }
            count("gone in a stream");
        }

        private void askWrongly(SplittableRandom random) {
            List<String> bodies = List.of("{", "{'prompt': 7}", "{'prompt': 'a', 'n': 99}", "[]",
                    "{'prompt': 'a', 'temperature': 'x'}");
            Reply reply = served.post("/v1/completions", bodies.get(random.nextInt(bodies.size())));
            if (reply.status() != 400) {
                problems.add("a wrong request got " + reply.status());
            }
            count("wrong");
        }

        void report(Duration duration) {
            double[] sorted = seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            System.out.println(String.format(Locale.ROOT,
                    "%d clients, %d s: %s; an answer took %.3f s (median), %.3f s (95 %%); %.0f tokens/s", CLIENTS,
                    duration.toSeconds(), new TreeMap<>(counts), at(sorted, 0.5), at(sorted, 0.95),
                    served.server.state().generatedTokens() / (double) duration.toSeconds()));
        }

        private static double at(double[] sorted, double share) {
            return sorted.length == 0
                    ? Double.NaN
                    : Arrays.stream(sorted).skip((long) (share * (sorted.length - 1)))
                            .findFirst().orElseThrow();
        }
    }
}
