package org.ternlm.chat;

import java.util.List;

/// What a model is to answer.
///
/// @param messages the conversation so far, at least one message
/// @param tools what the model may ask for
public record ChatPrompt(List<Message> messages, List<Tool> tools) {
    public ChatPrompt {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("messages: expected at least one");
        }
    }

    /// A conversation without tools.
    public static ChatPrompt of(List<Message> messages) {
        return new ChatPrompt(messages, List.of());
    }
}
