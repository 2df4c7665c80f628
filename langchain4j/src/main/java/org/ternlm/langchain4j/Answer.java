package org.ternlm.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.List;
import java.util.UUID;
import org.ternlm.chat.AnswerReader;
import org.ternlm.chat.ToolCall;
import org.ternlm.generate.Generation;

/// An answer as it comes: text and tool calls, and in the end LangChain4j's response. For one thread.
final class Answer {
    private final String model;
    private final AnswerReader reader;
    private final StringBuilder text = new StringBuilder();

    Answer(String model, AnswerReader reader) {
        this.model = model;
        this.reader = reader;
    }

    /// Takes a piece of what was generated; returns what of it is certain to be text.
    String accept(String piece) {
        return kept(reader.accept(piece));
    }

    /// All has been generated; returns the text that was held back.
    String finish() {
        return kept(reader.finish());
    }

    private String kept(String piece) {
        text.append(piece);
        return piece;
    }

    /// The tool calls so far.
    List<ToolExecutionRequest> calls() {
        return reader.toolCalls().stream().map(Answer::request).toList();
    }

    private static ToolExecutionRequest request(ToolCall call) {
        return ToolExecutionRequest.builder().id(call.id()).name(call.name()).arguments(call.arguments()).build();
    }

    /// The response, once [#finish()] was called.
    ChatResponse response(Generation generation) {
        List<ToolExecutionRequest> calls = calls();
        AiMessage.Builder message = AiMessage.builder();
        if (calls.isEmpty()) {
            message.text(text.toString());
        } else {
            message.toolExecutionRequests(calls);
            String said = text.toString().strip();
            if (!said.isEmpty()) {
                message.text(said);
            }
        }
        ChatResponseMetadata metadata = ChatResponseMetadata.builder().id("tern-" + UUID.randomUUID()).modelName(model)
                .tokenUsage(new TokenUsage(generation.stats().promptTokens(), generation.stats().generatedTokens()))
                .finishReason(reason(generation, calls)).build();
        return ChatResponse.builder().aiMessage(message.build()).metadata(metadata).build();
    }

    private static FinishReason reason(Generation generation, List<ToolExecutionRequest> calls) {
        if (!calls.isEmpty()) {
            return FinishReason.TOOL_EXECUTION;
        }
        return switch (generation.reason()) {
            case STOP, MASK -> FinishReason.STOP;
            case LENGTH, CONTEXT -> FinishReason.LENGTH;
            case CANCELLED -> FinishReason.OTHER;
        };
    }
}
