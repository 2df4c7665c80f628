package org.ternlm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.ternlm.generate.OpenOptions;
import org.ternlm.generate.SchedulerOptions;
import org.ternlm.kernel.KvForm;

class ChatModelTest {
    private static final TernChatModel MODEL = TernChatModel.of(Bundled.MODEL, ChatDefaults.of(Bundled.GREEDY));
    private static final ToolSpecification WEATHER = ToolSpecification.builder().name("weather")
            .description("Tells the weather of a city").parameters(JsonObjectSchema.builder()
                    .addProperty("city", JsonEnumSchema.builder().enumValues("Rome", "Oslo").build()).required("city")
                    .additionalProperties(false)
                    .build())
            .build();

    private static ChatRequest.Builder story() {
        return ChatRequest.builder().messages(UserMessage.from("Once upon a time there was a cat."));
    }

    @Test
    void anAnswerHasTextUsageNameAndReason() {
        ChatResponse response = MODEL.chat(story().build());
        assertThat(response.aiMessage().text()).isNotBlank();
        assertThat(response.modelName()).isEqualTo(Bundled.NAME);
        assertThat(response.id()).isNotBlank();
        assertThat(response.tokenUsage().outputTokenCount()).isBetween(1, 40);
        assertThat(response.tokenUsage().inputTokenCount())
                .isEqualTo(new TernTokenCountEstimator(Bundled.MODEL).estimateTokenCountInMessage(
                        UserMessage.from("Once upon a time there was a cat.")));
        assertThat(response.finishReason()).isIn(FinishReason.STOP, FinishReason.LENGTH);
    }

    @Test
    void aStopSequenceEndsTheTextBeforeIt() {
        String whole = MODEL.chat(story().build()).aiMessage().text();
        String stop = whole.substring(whole.length() / 2, whole.length() / 2 + 4);
        String cut = MODEL.chat(story().stopSequences(List.of(stop)).build()).aiMessage().text();
        assertThat(cut).isEqualTo(whole.substring(0, whole.indexOf(stop)));
    }

    @Test
    void theHistoryChangesTheAnswer() {
        String alone = MODEL.chat(story().build()).aiMessage().text();
        String later = MODEL.chat(ChatRequest.builder().messages(SystemMessage.from("Tom liked frogs."),
                UserMessage.from("Tell me more."), AiMessage.from("The frog was green."),
                UserMessage.from("Once upon a time there was a cat.")).build()).aiMessage().text();
        assertThat(later).isNotBlank().isNotEqualTo(alone);
    }

    @Test
    void aRequiredToolIsCalledAsItsSchemaSays() throws Exception {
        ChatResponse response = MODEL.chat(story().toolSpecifications(WEATHER).toolChoice(ToolChoice.REQUIRED)
                .maxOutputTokens(120).build());
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        assertThat(response.aiMessage().toolExecutionRequests()).singleElement().satisfies(call -> {
            assertThat(call.name()).isEqualTo("weather");
            assertThat(call.id()).isNotBlank();
            assertThat(new JsonMapper().readTree(call.arguments()).path("city").asText()).isIn("Rome", "Oslo");
        });
    }

    @Test
    void jsonKeepsToItsSchema() throws Exception {
        JsonSchema schema = JsonSchema.builder().name("pet").rootElement(JsonObjectSchema.builder()
                .addProperty("kind", JsonEnumSchema.builder().enumValues("cat", "dog").build())
                .addBooleanProperty("tame").required("kind", "tame").additionalProperties(false).build()).build();
        ChatResponse response = MODEL.chat(story().responseFormat(ResponseFormat.builder()
                .type(ResponseFormatType.JSON).jsonSchema(schema).build()).build());
        JsonNode answer = new JsonMapper().readTree(response.aiMessage().text());
        assertThat(answer.path("kind").asText()).isIn("cat", "dog");
        assertThat(answer.path("tame").isBoolean()).isTrue();
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void whatCannotBeDoneIsRefused() {
        assertThatThrownBy(() -> MODEL.chat(ChatRequest.builder().messages(UserMessage.from(
                ImageContent.from("AAAA", "image/png"))).build())).isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("image");
        assertThatThrownBy(() -> MODEL.chat(story().temperature(-1.0).build()))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("temperature");
        assertThatThrownBy(() -> MODEL.chat(story().toolChoice(ToolChoice.REQUIRED).build()))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("there is none");
        assertThatThrownBy(() -> MODEL.chat("a cat ".repeat(2000))).isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("the context holds");
    }

    @Test
    void manyThreadsGetTheAnswersThatEachWouldGetAlone() throws Exception {
        List<String> beginnings = List.of("The dog ran.", "A bird sang.", "Mom said no.", "It was a sunny day.");
        List<String> alone = beginnings.stream().map(MODEL::chat).toList();
        try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
            List<Callable<String>> calls = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                String beginning = beginnings.get(i % 4);
                calls.add(() -> MODEL.chat(beginning));
            }
            List<Future<String>> answers = executor.invokeAll(calls);
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).isEqualTo(alone.get(i % 4));
            }
        }
    }

    @Test
    void tooManyRequestsAreRefused() throws Exception {
        try (TernModel busy = TernModel.open(
                Path.of(System.getProperty("tern.root"), "testdata", "models", Bundled.NAME),
                OpenOptions.usual(), new SchedulerOptions(256, 1, 0, 1L << 28, KvForm.F32))) {
            TernStreamingChatModel streaming = TernStreamingChatModel.of(busy);
            List<Collected> all = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                all.add(new Collected());
                streaming.chat(story().build(), all.get(i));
            }
            assertThat(all.getFirst().response().aiMessage().text()).isNotNull();
            assertThat(all.stream().flatMap(collected -> collected.errors.stream())).isNotEmpty()
                    .hasOnlyElementsOfType(RateLimitException.class);
        }
    }
}
