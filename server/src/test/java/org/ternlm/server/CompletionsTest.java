package org.ternlm.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.generate.Generation;
import org.ternlm.generate.Score;
import org.ternlm.generate.Session;
import org.ternlm.server.Served.Reply;

class CompletionsTest {
    private static final String ONCE = "Once upon a time";
    private static Served served;

    @BeforeAll
    static void start() {
        served = Served.start();
    }

    @AfterAll
    static void stop() {
        served.awaitIdle();
        served.close();
    }

    private static Reply complete(String json) {
        return served.post("/v1/completions", json);
    }

    private static Generation alone(String prompt, int maxTokens) {
        try (Session session = served.tern.session()) {
            return session.generate(served.tern.request(prompt).withMaxTokens(maxTokens));
        }
    }

    private static String list(int[] tokens) {
        return Arrays.stream(tokens).mapToObj(Integer::toString).collect(Collectors.joining(", ", "[", "]"));
    }

    @Test
    void continuesAsASessionDoes() {
        Reply reply = complete("{'model': '" + Served.NAME + "', 'prompt': '" + ONCE
                + "', 'max_tokens': 24, 'temperature': 0}");
        Generation alone = alone(ONCE, 24);
        assertThat(reply.status()).isEqualTo(200);
        JsonNode json = reply.json();
        assertThat(json.get("object").asText()).isEqualTo("text_completion");
        assertThat(json.get("id").asText()).startsWith("cmpl-");
        assertThat(json.get("choices")).hasSize(1);
        JsonNode choice = json.get("choices").get(0);
        assertThat(choice.get("text").asText()).isEqualTo(alone.text()).isNotEmpty();
        assertThat(choice.get("finish_reason").asText()).isEqualTo("length");
        assertThat(choice.get("logprobs").isNull()).isTrue();
        assertThat(json.get("usage").get("prompt_tokens").asInt()).isEqualTo(alone.promptTokens().length);
        assertThat(json.get("usage").get("completion_tokens").asInt()).isEqualTo(24);
        assertThat(json.get("usage").get("total_tokens").asInt()).isEqualTo(24 + alone.promptTokens().length);
    }

    @Test
    void takesPromptsInFourForms() {
        int[] tokens = served.tern.tokenizer().encode(ONCE, true);
        String text = alone(ONCE, 8).text();
        for (String prompt : List.of("'" + ONCE + "'", "['" + ONCE + "']", list(tokens), "[" + list(tokens) + "]")) {
            JsonNode choices = complete("{'prompt': " + prompt + ", 'max_tokens': 8, 'temperature': 0}").json()
                    .get("choices");
            assertThat(choices).as(prompt).hasSize(1);
            assertThat(choices.get(0).get("text").asText()).as(prompt).isEqualTo(text);
        }
    }

    @Test
    void answersSeveralPromptsAndChoicesInOrder() {
        JsonNode json = complete("{'prompt': ['One day', 'The dog'], 'n': 2, 'max_tokens': 6, 'temperature': 0, "
                + "'echo': true}").json();
        List<String> texts = json.get("choices").findValuesAsText("text");
        assertThat(json.get("choices").findValuesAsText("index")).containsExactly("0", "1", "2", "3");
        assertThat(texts.subList(0, 2)).allMatch(text -> text.equals("One day" + alone("One day", 6).text()));
        assertThat(texts.subList(2, 4)).allMatch(text -> text.equals("The dog" + alone("The dog", 6).text()));
        assertThat(json.get("usage").get("completion_tokens").asInt()).isEqualTo(24);
    }

    @Test
    void streamsTheSameText() {
        String request = "{'prompt': '" + ONCE + "', 'max_tokens': 20, 'temperature': 0, 'stream': true, "
                + "'stream_options': {'include_usage': true}}";
        Reply reply = complete(request);
        assertThat(reply.whole().headers().firstValue("Content-Type")).contains("text/event-stream");
        assertThat(reply.body()).endsWith("data: [DONE]\n\n");
        List<JsonNode> events = reply.events();
        String text = events.stream().flatMap(event -> event.findValuesAsText("text").stream())
                .collect(Collectors.joining());
        assertThat(text).isEqualTo(alone(ONCE, 20).text());
        JsonNode usage = events.getLast();
        assertThat(usage.get("choices")).isEmpty();
        assertThat(usage.get("usage").get("completion_tokens").asInt()).isEqualTo(20);
        JsonNode last = events.get(events.size() - 2);
        assertThat(last.get("choices").get(0).get("finish_reason").asText()).isEqualTo("length");
        assertThat(events.subList(0, events.size() - 2)).allSatisfy(event -> assertThat(event.get("choices").get(0)
                .get("finish_reason").isNull()).isTrue());
    }

    @Test
    void endsBeforeStopStrings() {
        JsonNode choice = complete("{'prompt': '" + ONCE + "', 'max_tokens': 64, 'temperature': 0, 'stop': ['.', '!']}")
                .json().get("choices").get(0);
        assertThat(choice.get("finish_reason").asText()).isEqualTo("stop");
        assertThat(choice.get("text").asText()).isNotEmpty().doesNotContain(".", "!");
    }

    @Test
    void theSameSeedGivesTheSameText() {
        String request = "{'prompt': 'The', 'max_tokens': 12, 'temperature': 1.5, 'seed': %d, 'n': 2}";
        List<String> first = complete(request.formatted(7)).json().get("choices").findValuesAsText("text");
        List<String> again = complete(request.formatted(7)).json().get("choices").findValuesAsText("text");
        assertThat(again).isEqualTo(first);
        assertThat(first.get(0)).isNotEqualTo(first.get(1));
    }

    @Test
    void biasesBan() {
        int first = alone(ONCE, 1).tokens()[0];
        String text = complete("{'prompt': '" + ONCE + "', 'max_tokens': 1, 'temperature': 0, 'logit_bias': {'" + first
                + "': -100}}").json().get("choices").get(0).get("text").asText();
        assertThat(text).isNotEqualTo(alone(ONCE, 1).text());
    }

    @Test
    void showsLogProbabilitiesOfWhatItGenerates() {
        JsonNode choice = complete("{'prompt': '" + ONCE + "', 'max_tokens': 5, 'temperature': 0, 'logprobs': 3}")
                .json().get("choices").get(0);
        JsonNode logprobs = choice.get("logprobs");
        assertThat(logprobs.get("tokens")).hasSize(5);
        assertThat(logprobs.get("text_offset")).hasSize(5);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            assertThat(logprobs.get("text_offset").get(i).asInt()).isEqualTo(text.length());
            text.append(logprobs.get("tokens").get(i).asText());
            JsonNode top = logprobs.get("top_logprobs").get(i);
            assertThat(top).hasSize(3);
            // Greedy: the token itself is the likeliest.
            assertThat(largest(top)).isEqualTo(logprobs.get("token_logprobs").get(i).asDouble());
        }
        assertThat(text).hasToString(choice.get("text").asText());
    }

    private static double largest(JsonNode top) {
        double largest = Double.NEGATIVE_INFINITY;
        for (Iterator<Map.Entry<String, JsonNode>> each = top.fields(); each.hasNext();) {
            largest = Math.max(largest, each.next().getValue().asDouble());
        }
        return largest;
    }

    /// What harnesses do: a context and a continuation as one prompt of tokens, one token more, and the sum over the
    /// continuation's part.
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"Once upon a time, there was a| little girl named Lily.|1",
            "The dog| barked at the big red ball and ran away.|0", "She was happy. The end.|She|1"})
    void harnessesScoreAsTheScorerDoes(String context, String continuation, int maxTokens) {
        int[] before = served.tern.tokenizer().encode(context, true);
        int[] after = served.tern.tokenizer().encode(continuation, false);
        int[] all = Arrays.copyOf(before, before.length + after.length);
        System.arraycopy(after, 0, all, before.length, after.length);
        JsonNode logprobs = complete("{'prompt': [" + list(all) + "], 'max_tokens': " + maxTokens
                + ", 'temperature': 0, 'logprobs': 1, 'echo': true, 'seed': 1234}").json().get("choices").get(0)
                .get("logprobs");
        for (String name : List.of("tokens", "token_logprobs", "top_logprobs", "text_offset")) {
            assertThat(logprobs.get(name)).as(name).hasSize(all.length + maxTokens);
        }
        assertThat(logprobs.get("token_logprobs").get(0).isNull()).isTrue();
        assertThat(logprobs.get("top_logprobs").get(0).isNull()).isTrue();
        double sum = 0;
        boolean greedy = true;
        for (int i = before.length; i < all.length; i++) {
            double each = logprobs.get("token_logprobs").get(i).asDouble();
            sum += each;
            greedy &= each == largest(logprobs.get("top_logprobs").get(i));
        }
        Score score = served.tern.scorer().score(all, before.length);
        assertThat(sum).isEqualTo(score.sum());
        assertThat(greedy).isEqualTo(score.greedy());
    }

    @Test
    void nothingToGenerateIsNothing() {
        JsonNode json = complete("{'prompt': '" + ONCE + "', 'max_tokens': 0, 'echo': true}").json();
        assertThat(json.get("choices").get(0).get("text").asText()).isEqualTo(ONCE);
        assertThat(json.get("choices").get(0).get("finish_reason").asText()).isEqualTo("length");
        assertThat(json.get("usage").get("completion_tokens").asInt()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"{} | prompt", "{'prompt': 7} | prompt",
            "{'prompt': []} | prompt", "{'prompt': [[]]} | prompt", "{'prompt': [1, 'a']} | prompt",
            "{'prompt': [99999999]} | prompt", "{'prompt': [-1]} | prompt", "{'prompt': [1.5]} | prompt",
            "{'prompt': 'a', 'n': 0} | n", "{'prompt': 'a', 'n': 17} | n", "{'prompt': 'a', 'n': '2'} | n",
            "{'prompt': 'a', 'temperature': -1} | temperature", "{'prompt': 'a', 'temperature': 'hot'} | temperature",
            "{'prompt': 'a', 'top_p': 1.5} | top_p", "{'prompt': 'a', 'top_k': -1} | top_k",
            "{'prompt': 'a', 'min_p': 2} | min_p", "{'prompt': 'a', 'repetition_penalty': 0} | repetition_penalty",
            "{'prompt': 'a', 'max_tokens': -1} | max_tokens", "{'prompt': 'a', 'max_tokens': 1.5} | max_tokens",
            "{'prompt': 'a', 'stop': ''} | stop", "{'prompt': 'a', 'stop': [1]} | stop",
            "{'prompt': 'a', 'seed': 1e300} | seed", "{'prompt': 'a', 'logit_bias': {'x': 1}} | logit_bias.x",
            "{'prompt': 'a', 'logit_bias': {'1': 'x'}} | logit_bias.1", "{'prompt': 'a', 'logprobs': 21} | logprobs",
            "{'prompt': 'a', 'stream': 1} | stream", "{'prompt': 'a', 'stream_options': {}} | stream_options",
            "{'prompt': 'a', 'suffix': 'b'} | suffix", "{'prompt': 'a', 'best_of': 3} | best_of",
            "{'prompt': 'a', 'temprature': 1} | temprature"})
    void wrongFieldsAreNamed(String request, String parameter) {
        Reply reply = complete(request);
        assertThat(reply.status()).isEqualTo(400);
        JsonNode error = reply.json().get("error");
        assertThat(error.get("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.get("param").asText()).isEqualTo(parameter);
        assertThat(error.get("message").asText()).startsWith(parameter + ": ");
        assertThat(error.has("code")).isTrue();
    }

    @Test
    void promptsLongerThanTheContextAreRefused() {
        int context = served.tern.config().contextLength();
        String tokens = list(new int[context + 1]);
        Reply reply = complete("{'prompt': " + tokens + "}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().get("error").get("code").asText()).isEqualTo("context_length_exceeded");
    }

    @Test
    void otherModelsAreNotFound() {
        Reply reply = complete("{'model': 'gpt-5', 'prompt': 'a'}");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.json().get("error").get("code").asText()).isEqualTo("model_not_found");
    }
}
