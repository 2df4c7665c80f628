package org.ternlm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.kernel.KvForm;
import org.ternlm.model.KvCache;
import org.ternlm.server.Served.Reply;

class ChatTest {
    private static final String HELLO = "'messages': [{'role': 'user', 'content': 'Hello'}]";
    private static final String TOOLS = "'tools': [{'type': 'function', 'function': {'name': 'find', 'parameters': "
            + "{'type': 'object', 'properties': {'what': {'enum': ['cat', 'dog']}}, 'required': ['what'], "
            + "'additionalProperties': false}}}]";
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

    private static Reply chat(String json) {
        return served.post("/v1/chat/completions", json);
    }

    private static JsonNode choice(String json) {
        Reply reply = chat(json);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json().get("choices").get(0);
    }

    @Test
    void readsEveryKindOfMessage() {
        JsonNode choice = choice("{'max_tokens': 4, 'messages': [{'role': 'developer', 'content': 'Be kind.'}, "
                + "{'role': 'user', 'name': 'Tim', 'content': [{'type': 'text', 'text': 'One. '}, {'type': 'text', "
                + "'text': 'Two.'}]}, {'role': 'assistant', 'content': null, 'tool_calls': [{'id': 'c', 'type': "
                + "'function', 'function': {'name': 'find', 'arguments': '{}'}}]}, {'role': 'tool', 'tool_call_id': "
                + "'c', 'content': 'Three.'}]}");
        assertThat(choice.get("message").get("role").asText()).isEqualTo("assistant");
    }

    @Test
    void partsOfAMessageAreOneText() {
        String parts = "{'messages': [{'role': 'user', 'content': [{'type': 'text', 'text': 'The '}, {'type': 'text', "
                + "'text': 'dog'}]}], 'max_tokens': 8, 'temperature': 0}";
        String whole = "{'messages': [{'role': 'user', 'content': 'The dog'}], 'max_tokens': 8, 'temperature': 0}";
        assertThat(choice(parts).get("message")).isEqualTo(choice(whole).get("message"));
    }

    @Test
    void callsToolsInAStreamAsAtOnce() {
        String request = "{" + HELLO + ", " + TOOLS + ", 'tool_choice': 'required', 'temperature': 0, "
                + "'max_tokens': 200, 'stream': %s}";
        JsonNode whole = choice(request.formatted("false"));
        assertThat(whole.get("finish_reason").asText()).isEqualTo("tool_calls");
        assertThat(whole.get("message").get("content").isNull()).isTrue();
        JsonNode call = whole.get("message").get("tool_calls").get(0);
        assertThat(call.get("type").asText()).isEqualTo("function");
        assertThat(call.get("function").get("name").asText()).isEqualTo("find");
        assertThat(call.get("function").get("arguments").asText()).containsPattern("\"(cat|dog)\"");
        List<JsonNode> pieces = chat(request.formatted("true")).events();
        List<JsonNode> calls = pieces.stream().map(piece -> piece.at("/choices/0/delta/tool_calls/0")).filter(
                each -> !each.isMissingNode()).toList();
        assertThat(calls).singleElement().satisfies(each -> {
            assertThat(each.get("index").asInt()).isZero();
            assertThat(each.get("function")).isEqualTo(call.get("function"));
        });
        assertThat(pieces.getLast().at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
        assertThat(pieces.stream().map(piece -> piece.at("/choices/0/delta/content").asText()).collect(Collectors
                .joining())).isEmpty();
    }

    @Test
    void toolsThatMayNotBeCalledAreNotToldOf() {
        String plain = "{" + HELLO + ", 'temperature': 0, 'max_tokens': 12%s}";
        JsonNode without = chat(plain.formatted("")).json();
        JsonNode none = chat(plain.formatted(", " + TOOLS + ", 'tool_choice': 'none'")).json();
        assertThat(none.at("/choices/0/message")).isEqualTo(without.at("/choices/0/message"));
        assertThat(none.at("/usage/prompt_tokens")).isEqualTo(without.at("/usage/prompt_tokens"));
    }

    @Test
    void aRepeatedBeginningIsNotComputedAgain() {
        String long_ = "{'messages': [{'role': 'user', 'content': '" + "Tom had a ball. ".repeat(20)
                + "'}], 'max_tokens': 1}";
        chat(long_);
        JsonNode usage = chat(long_).json().get("usage");
        assertThat(usage.at("/prompt_tokens_details/cached_tokens").asInt()).isPositive().isLessThan(usage.get(
                "prompt_tokens").asInt());
    }

    @Test
    void withoutALimitAnswersEndWithTheContext() {
        JsonNode json = chat("{" + HELLO + ", 'ignore_eos': true, 'temperature': 0, 'stop': []}").json();
        JsonNode usage = json.get("usage");
        boolean isFull = usage.get("total_tokens").asInt() == served.tern.config().contextLength() + 1;
        assertThat(isFull || json.at("/choices/0/finish_reason").asText().equals("stop")).as(usage.toString()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"{} | messages", "{'messages': []} | messages",
            "{'messages': 'Hello'} | messages", "{'messages': ['Hello']} | messages[0]",
            "{'messages': [{'role': 'king', 'content': 'a'}]} | messages[0].role",
            "{'messages': [{'role': 'user'}]} | messages[0].content",
            "{'messages': [{'role': 'user', 'content': 7}]} | messages[0].content",
            "{'messages': [{'role': 'user', 'content': [{'type': 'image_url', 'image_url': {'url': 'file:///etc/passwd'}}]}]} | messages[0].content[0].type",
            "{'messages': [{'role': 'tool', 'content': 'a'}]} | messages[0].tool_call_id",
            "{'messages': [{'role': 'assistant', 'tool_calls': [{'id': 'a'}]}]} | messages[0].tool_calls[0].function",
            "{%s, 'max_tokens': 0} | max_tokens", "{%s, 'max_completion_tokens': 'x'} | max_completion_tokens",
            "{%s, 'logprobs': 3} | logprobs", "{%s, 'top_logprobs': 3} | top_logprobs",
            "{%s, 'logprobs': true, 'top_logprobs': 21} | top_logprobs",
            "{%s, 'tools': [{'type': 'magic'}]} | tools[0].type",
            "{%s, 'tools': [{'type': 'function'}]} | tools[0].function",
            "{%s, 'tools': [{'type': 'function', 'function': {'name': 'a b'}}]} | tools[0].function.name",
            "{%s, 'tools': [{'type': 'function', 'function': {'name': 'a', 'parameters': 7}}]} | tools[0].function.parameters",
            "{%s, 'tool_choice': 'required'} | tool_choice", "{%s, 'tool_choice': 'maybe'} | tool_choice",
            "{%s, 'tool_choice': {'type': 'function', 'function': {'name': 'x'}}} | tool_choice",
            "{%s, 'response_format': 'json'} | response_format",
            "{%s, 'response_format': {'type': 'xml'}} | response_format.type",
            "{%s, 'response_format': {'type': 'json_schema'}} | response_format.json_schema",
            "{%s, 'response_format': {'type': 'json_schema', 'json_schema': {'schema': {'$ref': 'http://evil.example'}}}} | response_format.json_schema.schema",
            "{%s, 'modalities': ['audio']} | modalities", "{%s, 'functions': []} | functions"})
    void wrongFieldsAreNamed(String request, String parameter) {
        Reply reply = chat(request.replace("%s", HELLO));
        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(reply.json().at("/error/param").asText()).isEqualTo(parameter);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'type': 'object', 'patternProperties': {'^a': {}}, 'unevaluatedProperties': {'not': {}}}",
            "{'not': {}}"})
    void schemasThatCannotBeKeptToAreRefused(String schema) {
        Reply reply = chat("{" + HELLO + ", 'response_format': {'type': 'json_schema', 'json_schema': {'schema': "
                + schema + "}}}");
        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(reply.json().at("/error/code").asText()).isEqualTo("unsupported_schema");
    }

    @Test
    void theContextIsNoLongerThanTheMemoryAllows() {
        long room = KvCache.byteSize(served.tern.config(), KvForm.F32, 128);
        try (Served small = Served.start(options -> options.withCacheBytes(room + 100))) {
            assertThat(small.get("/v1/models").json().at("/data/0/context_length").asInt()).isEqualTo(128);
            Reply reply = small.post("/v1/completions", "{'prompt': 'a', 'max_tokens': 400, 'ignore_eos': true}");
            assertThat(reply.json().at("/usage/total_tokens").asInt()).isEqualTo(129);
        }
        assertThatThrownBy(() -> Served.start(options -> options.withCacheBytes(room).withContextLength(200)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("cache: expected room for 200");
        assertThatThrownBy(() -> Served.start(options -> options.withCacheBytes(100))).isInstanceOf(
                IllegalArgumentException.class).hasMessageStartingWith("cache: expected room for 64");
    }
}
