package org.ternlm.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ternlm.chat.Message;
import org.ternlm.chat.Role;
import org.ternlm.chat.ToolCall;

/// LangChain4j's messages as Tern's.
final class MessageTranslation {
    private MessageTranslation() {}

    /// @throws UnsupportedFeatureException if a message holds anything but text
    static List<Message> of(List<ChatMessage> messages) {
        return messages.stream().map(MessageTranslation::of).toList();
    }

    private static Message of(ChatMessage message) {
        return switch (message) {
            case SystemMessage system -> Message.system(system.text());
            case UserMessage user -> new Message(Role.USER, text(user.contents()), List.of(), null, user.name());
            case AiMessage answer -> new Message(Role.ASSISTANT, orEmpty(answer.text()),
                    answer.toolExecutionRequests().stream().map(MessageTranslation::call).toList(), null, null);
            case ToolExecutionResultMessage result -> new Message(Role.TOOL, text(result.contents()), List.of(),
                    result.id(), result.toolName());
            default -> throw new UnsupportedFeatureException("messages of type %s are not supported".formatted(
                    message.type()));
        };
    }

    private static ToolCall call(ToolExecutionRequest request) {
        return new ToolCall(orEmpty(request.id()), request.name(), orEmpty(request.arguments()));
    }

    private static String text(List<Content> contents) {
        return contents.stream().map(MessageTranslation::text).collect(Collectors.joining("\n"));
    }

    private static String text(Content content) {
        if (content instanceof TextContent text) {
            return text.text();
        }
        throw new UnsupportedFeatureException("content of type %s is not supported: the model reads text".formatted(
                content.type().name().toLowerCase(Locale.ROOT)));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
