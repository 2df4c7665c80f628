package org.ternlm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ResponseFormatJsonObject;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionNamedToolChoice;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.models.Model;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// OpenAI's own client for Java, as it is.
class OpenAiJavaTest {
    private static final String KEY = "a-key";
    private static final String SCHEMA = """
            {"type": "object", "properties": {"name": {"type": "string", "maxLength": 12}, "age": {"type": "integer",
             "minimum": 0, "maximum": 120}, "kind": {"enum": ["cat", "dog"]}}, "required": ["name", "age", "kind"],
             "additionalProperties": false}""";
    private static Served served;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        served = Served.start(options -> options.withApiKey(KEY));
        client = client(served, KEY);
    }

    private static OpenAIClient client(Served server, String key) {
        return OpenAIOkHttpClient.builder().baseUrl(server.server.url() + "/v1").apiKey(key).maxRetries(0).build();
    }

    @AfterAll
    static void stop() {
        client.close();
        served.awaitIdle();
        served.close();
    }

    private static ChatCompletionCreateParams.Builder chat() {
        return ChatCompletionCreateParams.builder().model(Served.NAME).temperature(0.0).maxCompletionTokens(24)
                .addSystemMessage("You tell stories.").addUserMessage("Tell me of a dog.");
    }

    @Test
    void chats() {
        ChatCompletion completion = client.chat().completions().create(chat().build());
        assertThat(completion.id()).startsWith("chatcmpl-");
        assertThat(completion.model()).isEqualTo(Served.NAME);
        ChatCompletion.Choice choice = completion.choices().getFirst();
        assertThat(choice.message().content()).isPresent();
        assertThat(choice.finishReason()).isIn(ChatCompletion.Choice.FinishReason.LENGTH,
                ChatCompletion.Choice.FinishReason.STOP);
        assertThat(completion.usage()).hasValueSatisfying(usage -> {
            assertThat(usage.promptTokens()).isPositive();
            assertThat(usage.completionTokens()).isBetween(1L, 24L);
        });
        completion.validate();
    }

    @Test
    void streamsWhatItWouldSayAtOnce() {
        String whole = client.chat().completions().create(chat().build()).choices().getFirst().message().content()
                .orElseThrow();
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        List<ChatCompletionChunk> chunks = new ArrayList<>();
        try (StreamResponse<ChatCompletionChunk> stream = client.chat().completions().createStreaming(chat()
                .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build()).build())) {
            stream.stream().peek(accumulator::accumulate).forEach(chunks::add);
        }
        assertThat(chunks).hasSizeGreaterThan(4).allSatisfy(ChatCompletionChunk::validate);
        assertThat(accumulator.chatCompletion().choices().getFirst().message().content()).contains(whole);
        assertThat(chunks.getLast().usage()).hasValueSatisfying(usage -> assertThat(usage.totalTokens()).isEqualTo(
                usage.promptTokens() + usage.completionTokens()));
    }

    @Test
    void showsLogProbabilities() {
        ChatCompletion completion = client.chat().completions().create(chat().logprobs(true).topLogprobs(2)
                .maxCompletionTokens(4).build());
        ChatCompletion.Choice choice = completion.choices().getFirst();
        var entries = choice.logprobs().orElseThrow().content().orElseThrow();
        assertThat(entries).hasSize((int) completion.usage().orElseThrow().completionTokens());
        assertThat(entries).allSatisfy(entry -> {
            assertThat(entry.logprob()).isLessThanOrEqualTo(0);
            assertThat(entry.topLogprobs()).hasSize(2);
            assertThat(entry.topLogprobs().getFirst().logprob()).isEqualTo(entry.logprob());
            assertThat(entry.bytes()).isPresent();
        });
        assertThat(entries.stream().map(entry -> entry.token()).collect(Collectors.joining()).strip()).isEqualTo(
                choice.message().content().orElseThrow().strip());
    }

    @Test
    void severalChoicesAreSeveral() {
        ChatCompletion completion = client.chat().completions().create(chat().temperature(1.5).n(3).seed(5).build());
        assertThat(completion.choices()).extracting(ChatCompletion.Choice::index).containsExactly(0L, 1L, 2L);
        assertThat(completion.choices()).extracting(choice -> choice.message().content()).doesNotHaveDuplicates();
    }

    private static Map<String, JsonValue> schema() throws IOException {
        return Served.JSON.readTree(SCHEMA).propertyStream().collect(Collectors.toMap(Map.Entry::getKey,
                each -> JsonValue.fromJsonNode(each.getValue())));
    }

    private static void assertFollowsSchema(String json) throws IOException {
        JsonNode value = Served.JSON.readTree(json);
        assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(SCHEMA).validate(value)).as(
                json).isEmpty();
    }

    @Test
    void keepsToASchema() throws IOException {
        ResponseFormatJsonSchema.JsonSchema format = ResponseFormatJsonSchema.JsonSchema.builder().name("animal")
                .strict(true).schema(ResponseFormatJsonSchema.JsonSchema.Schema.builder().additionalProperties(schema())
                        .build())
                .build();
        ChatCompletion completion = client.chat().completions().create(chat().maxCompletionTokens(200)
                .jsonSchemaResponseFormat(format).build());
        assertThat(completion.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertFollowsSchema(completion.choices().getFirst().message().content().orElseThrow());
    }

    @Test
    void givesAnyJsonObject() throws IOException {
        ChatCompletion completion = client.chat().completions().create(chat().maxCompletionTokens(200).responseFormat(
                ResponseFormatJsonObject.builder().build()).build());
        String content = completion.choices().getFirst().message().content().orElseThrow();
        if (completion.choices().getFirst().finishReason().equals(ChatCompletion.Choice.FinishReason.STOP)) {
            assertThat(Served.JSON.readTree(content).isObject()).isTrue();
        } else {
            assertThat(content.strip()).startsWith("{");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void callsTheToolThatItHasTo(boolean stream) throws IOException {
        ChatCompletionCreateParams params = chat().maxCompletionTokens(250).addFunctionTool(FunctionDefinition.builder()
                .name("note_animal").description("Notes an animal.").parameters(FunctionParameters.builder()
                        .additionalProperties(schema()).build())
                .build()).addFunctionTool(FunctionDefinition.builder().name("other").build())
                .toolChoice(ChatCompletionNamedToolChoice.builder().function(ChatCompletionNamedToolChoice.Function
                        .builder().name("note_animal").build()).build())
                .build();
        ChatCompletion completion;
        if (stream) {
            ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
            try (StreamResponse<ChatCompletionChunk> chunks = client.chat().completions().createStreaming(params)) {
                chunks.stream().forEach(accumulator::accumulate);
            }
            completion = accumulator.chatCompletion();
        } else {
            completion = client.chat().completions().create(params);
        }
        ChatCompletion.Choice choice = completion.choices().getFirst();
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        assertThat(choice.message().toolCalls().orElseThrow()).hasSize(1);
        ChatCompletionMessageFunctionToolCall call = choice.message().toolCalls().orElseThrow().getFirst().asFunction();
        assertThat(call.id()).isNotEmpty();
        assertThat(call.function().name()).isEqualTo("note_animal");
        assertFollowsSchema(call.function().arguments());
    }

    @Test
    void callsOneOfTheToolsWhereACallIsRequired() {
        ChatCompletion completion = client.chat().completions().create(chat().maxCompletionTokens(250).addFunctionTool(
                FunctionDefinition.builder().name("one").build()).addFunctionTool(
                        FunctionDefinition.builder().name(
                                "two").build())
                .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED).parallelToolCalls(false).build());
        assertThat(completion.choices().getFirst().message().toolCalls().orElseThrow()).singleElement().satisfies(
                call -> assertThat(call.asFunction().function().name()).isIn("one", "two"));
    }

    @Test
    void readsToolsAndTheirAnswers() {
        ChatCompletion completion = client.chat().completions().create(chat().addMessage(
                com.openai.models.chat.completions.ChatCompletionAssistantMessageParam.builder().addToolCall(
                        ChatCompletionMessageFunctionToolCall.builder().id("call_1").function(
                                ChatCompletionMessageFunctionToolCall.Function.builder().name("find").arguments("{}")
                                        .build())
                                .build())
                        .build())
                .addMessage(com.openai.models.chat.completions.ChatCompletionToolMessageParam.builder().toolCallId(
                        "call_1").content("Rex").build())
                .addFunctionTool(FunctionDefinition.builder().name("find").build()).build());
        assertThat(completion.choices()).hasSize(1);
    }

    @Test
    void completesTexts() {
        Completion completion = client.completions().create(CompletionCreateParams.builder().model(Served.NAME).prompt(
                "Once upon a time").maxTokens(8).temperature(0.0).echo(true).logprobs(2).build());
        assertThat(completion.choices().getFirst().text()).startsWith("Once upon a time");
        assertThat(completion.choices().getFirst().logprobs().orElseThrow().tokens().orElseThrow()).hasSizeGreaterThan(
                8);
    }

    @Test
    void listsModels() {
        assertThat(client.models().list().data()).extracting(Model::id).containsExactly(Served.NAME);
        assertThat(client.models().retrieve(Served.NAME).id()).isEqualTo(Served.NAME);
        assertThatThrownBy(() -> client.models().retrieve("another")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void errorsAreTheClientsOwn() {
        OpenAIClient stranger = client(served, "wrong");
        assertThatThrownBy(() -> stranger.models().list()).isInstanceOfSatisfying(UnauthorizedException.class,
                problem -> assertThat(problem.code()).contains("invalid_api_key"));
        stranger.close();
        assertThatThrownBy(() -> client.chat().completions().create(chat().temperature(-1.0).build()))
                .isInstanceOfSatisfying(BadRequestException.class, problem -> {
                    assertThat(problem.param()).contains("temperature");
                    assertThat(problem.type()).contains("invalid_request_error");
                });
        assertThatThrownBy(() -> client.chat().completions().create(chat().model("another").build())).isInstanceOf(
                NotFoundException.class);
    }

    @Test
    void aFullServerIsOneToTryAgain() throws InterruptedException {
        try (Served small = Served.start(options -> options.withSequences(1).withQueue(0));
                Raw busy = new Raw(small.server.port())) {
            busy.send(Raw.post("/v1/completions", "{'prompt': 'a', 'max_tokens': 400, 'ignore_eos': true}"));
            for (int i = 0; i < 500 && small.server.state().running() == 0; i++) {
                Thread.sleep(5);
            }
            OpenAIClient other = client(small, "none");
            assertThatThrownBy(() -> other.chat().completions().create(chat().build())).isInstanceOfSatisfying(
                    InternalServerException.class, problem -> assertThat(problem.statusCode()).isEqualTo(503));
            other.close();
        }
    }
}
