package org.ternlm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.output.FinishReason;
import org.junit.jupiter.api.Test;

class StreamingChatModelTest {
    private static final TernStreamingChatModel MODEL = TernStreamingChatModel.of(Bundled.MODEL,
            ChatDefaults.of(Bundled.GREEDY));
    private static final ChatRequest STORY = ChatRequest.builder()
            .messages(UserMessage.from("Once upon a time there was a cat.")).build();

    @Test
    void thePiecesAreTheAnswerThatComesAtOnce() throws Exception {
        Collected collected = new Collected();
        MODEL.chat(STORY, collected);
        ChatResponse response = collected.response();
        assertThat(collected.pieces).hasSizeGreaterThan(5);
        assertThat(String.join("", collected.pieces)).isEqualTo(response.aiMessage().text());
        assertThat(response.aiMessage().text()).isEqualTo(TernChatModel.of(Bundled.MODEL, ChatDefaults.of(
                Bundled.GREEDY)).chat(STORY).aiMessage().text());
        assertThat(collected.errors).isEmpty();
    }

    @Test
    void aHandlerThatFailsHearsOfItAndTheAnswerGoesOn() throws Exception {
        Collected collected = new Collected() {
            @Override
            public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
                super.onPartialResponse(piece, context);
                throw new IllegalStateException("no");
            }
        };
        MODEL.chat(STORY, collected);
        assertThat(collected.response().aiMessage().text()).isEqualTo(String.join("", collected.pieces));
        assertThat(collected.errors).hasSameSizeAs(collected.pieces).hasOnlyElementsOfType(
                IllegalStateException.class);
    }

    @Test
    void aSlowHandlerHoldsNobodyUp() throws Exception {
        Collected slow = new Collected() {
            @Override
            public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
                super.onPartialResponse(piece, context);
                try {
                    Thread.sleep(200);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        MODEL.chat(STORY, slow);
        Collected quick = new Collected();
        MODEL.chat(STORY, quick);
        quick.response();
        assertThat(slow.pieces.size()).isLessThan(quick.pieces.size());
        assertThat(slow.response().aiMessage().text()).isEqualTo(quick.response().aiMessage().text());
    }

    @Test
    void aCancelledAnswerEndsWithoutAResponse() throws Exception {
        Collected collected = new Collected() {
            @Override
            public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
                super.onPartialResponse(piece, context);
                if (pieces.size() == 3) {
                    context.streamingHandle().cancel();
                }
            }
        };
        MODEL.chat(STORY, collected);
        for (int i = 0; i < 3000 && (collected.pieces.size() < 3
                || Bundled.MODEL.scheduler().state().running() > 0); i++) {
            Thread.sleep(10);
        }
        assertThat(Bundled.MODEL.scheduler().state().running()).isZero();
        assertThat(collected.pieces).hasSize(3);
    }

    @Test
    void aToolCallComesWhole() throws Exception {
        ToolSpecification tool = ToolSpecification.builder().name("sleep").parameters(JsonObjectSchema.builder()
                .additionalProperties(false).build()).build();
        Collected collected = new Collected();
        MODEL.chat(STORY.toBuilder().toolSpecifications(tool).toolChoice(ToolChoice.REQUIRED).maxOutputTokens(120)
                .build(), collected);
        ChatResponse response = collected.response();
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        assertThat(collected.calls).singleElement().satisfies(call -> assertThat(call.toolExecutionRequest())
                .isEqualTo(response.aiMessage().toolExecutionRequests().getFirst()));
        assertThat(collected.pieces).isEmpty();
    }
}
