package org.ternlm.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.server.Served.Reply;

/// What the server says of itself in `/openapi.json` is so.
class DescriptionTest {
    private static Served served;
    private static JsonNode description;

    @BeforeAll
    static void start() {
        served = Served.start();
        description = served.get("/openapi.json").json();
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    /// A schema of the description, which may refer to others in it.
    private static JsonSchema schema(String name) {
        ObjectNode whole = Served.JSON.createObjectNode();
        whole.put("$ref", "#/components/schemas/" + name);
        whole.set("components", description.get("components"));
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(whole);
    }

    private static void assertIs(String name, JsonNode value) {
        assertThat(schema(name).validate(value)).as("%s", value).isEmpty();
    }

    @Test
    void itsPathsAreThere() {
        description.get("paths").fieldNames().forEachRemaining(path -> {
            String asked = path.replace("{id}", Served.NAME);
            JsonNode methods = description.get("paths").get(path);
            assertThat(served.get(asked).status()).as(path).isEqualTo(methods.has("get") ? 200 : 405);
            if (methods.has("post")) {
                assertThat(served.post(asked, "{}").status()).as(path).isEqualTo(400);
            }
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "/v1/completions | CompletionRequest | Completion | {'prompt': 'One', 'max_tokens': 3, 'logprobs': 1, 'echo': true}",
            "/v1/completions | CompletionRequest | Completion | {'prompt': [[1, 5]], 'max_tokens': 3, 'n': 2, 'stop': ['a'], 'seed': 4}",
            "/v1/chat/completions | ChatRequest | ChatAnswer | {'messages': [{'role': 'user', 'content': 'Hi'}], 'max_tokens': 3}",
            "/v1/chat/completions | ChatRequest | ChatAnswer | {'messages': [{'role': 'user', 'content': 'Hi'}], 'max_tokens': 3, 'logprobs': true, 'top_logprobs': 1}"})
    void answersAreAsDescribed(String path, String request, String answer, String body) throws Exception {
        assertIs(request, Served.JSON.readTree(body.replace('\'', '"')));
        Reply reply = served.post(path, body);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertIs(answer, reply.json());
        List<JsonNode> pieces = served.post(path, body.substring(0, body.length() - 1)
                + ", 'stream': true, 'stream_options': {'include_usage': true}}").events();
        assertThat(pieces).isNotEmpty().allSatisfy(piece -> assertIs(answer.equals("ChatAnswer") ? "ChatPiece" : answer,
                piece));
    }

    @Test
    void errorsAndModelsAreAsDescribed() {
        assertIs("Error", served.post("/v1/completions", "{}").json());
        assertIs("Error", served.get("/nowhere").json());
        assertIs("Model", served.get("/v1/models/" + Served.NAME).json());
    }

    @Test
    void describesWhatItIsNot() {
        assertThat(schema("CompletionRequest").validate(Served.JSON.createObjectNode().put("prompt", "a").put("n", 17)))
                .isNotEmpty();
        assertThat(
                schema("Error").validate(Served.JSON.createObjectNode().set("error", Served.JSON.createObjectNode())))
                .isNotEmpty();
    }
}
