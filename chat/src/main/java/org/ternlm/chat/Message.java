package org.ternlm.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A message of a conversation.
///
/// @param role who says it
/// @param content what is said; may be empty where there are tool calls
/// @param toolCalls what an assistant wants to have called
/// @param toolCallId of a tool's message: the call that it answers
/// @param name of who says it, where there is one
public record Message(Role role, String content, List<ToolCall> toolCalls, @Nullable String toolCallId,
        @Nullable String name) {
    public Message {
        toolCalls = List.copyOf(toolCalls);
    }

    public static Message system(String content) {
        return of(Role.SYSTEM, content);
    }

    public static Message user(String content) {
        return of(Role.USER, content);
    }

    public static Message assistant(String content) {
        return of(Role.ASSISTANT, content);
    }

    /// A tool's answer to a call.
    public static Message tool(String toolCallId, String content) {
        return new Message(Role.TOOL, content, List.of(), toolCallId, null);
    }

    private static Message of(Role role, String content) {
        return new Message(role, content, List.of(), null, null);
    }
}
