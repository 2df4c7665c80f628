package org.ternlm.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.ternlm.Fixtures;

/// Real language models on real text: the losses and continuations that transformers computed.
class StoriesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TOKENS = 19_401;

    @Test
    void ternary1MHasTheLossOfTheReference() throws IOException {
        assertThat(loss(Fixtures.model("tinystories-ternary-1M"))).isCloseTo(1.2938, within(0.002));
    }

    @Test
    void llama260KHasTheLossOfTheReference() throws IOException {
        assertThat(loss(Fixtures.model("stories260K-llama-f32"))).isCloseTo(1.22654, within(0.0005));
    }

    @Test
    void theBundledModelIsBetterThanItsSmallerSibling() throws IOException {
        assertThat(loss(Fixtures.bundledModel())).isCloseTo(1.1, within(0.15));
    }

    @Test
    void llama260KContinuesAsTheReference() throws IOException {
        assertGreedy(Fixtures.model("stories260K-llama-f32"), 64);
    }

    @Test
    void ternary1MContinuesAsTheReference() throws IOException {
        assertGreedy(Fixtures.model("tinystories-ternary-1M"), 24);
    }

    private static double loss(Path model) throws IOException {
        try (Tern tern = Tern.open(model, 2)) {
            Perplexity perplexity = new Perplexity();
            for (String line : Files.readAllLines(Fixtures.file("eval/tinystories60.tokens.jsonl"))) {
                perplexity.add(tern.scorer().score(ints(JSON.readTree(line).get("tokens")), 1));
            }
            assertThat(perplexity.tokens()).isEqualTo(TOKENS);
            System.getLogger("stories").log(System.Logger.Level.INFO, "%s: %.5f nats a token".formatted(
                    model.getFileName(), perplexity.natsPerToken()));
            return perplexity.natsPerToken();
        }
    }

    private static void assertGreedy(Path model, int length) throws IOException {
        try (Tern tern = Tern.open(model, 2); Session session = tern.session()) {
            for (JsonNode example : JSON.readTree(model.resolve("expected.json").toFile()).get("cases")) {
                int[] prompt = tern.tokenizer().encode(example.get("prompt").asText(), true);
                assertThat(prompt).isEqualTo(ints(example.get("input_ids")));
                int[] expected = Arrays.copyOf(ints(example.get("greedy_64")), length);
                Generation generation = session.generate(
                        GenerationRequest.of(prompt).withMaxTokens(length).withIgnoreEos(true));
                assertThat(generation.tokens()).isEqualTo(expected);
                if (length == 64) {
                    assertThat(example.get("prompt").asText() + generation.text())
                            .isEqualTo(example.get("text").asText());
                }
            }
        }
    }

    private static int[] ints(JsonNode node) {
        return JSON.convertValue(node, int[].class);
    }
}
