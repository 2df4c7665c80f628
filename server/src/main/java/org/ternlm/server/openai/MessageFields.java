package org.ternlm.server.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ternlm.chat.Message;
import org.ternlm.chat.Role;
import org.ternlm.chat.ToolCall;

/// Reads the messages of a conversation.
final class MessageFields {
    private static final int MOST = 4096;
    private static final int MOST_PARTS = 1024;
    private static final int MOST_CALLS = 128;
    private static final Set<String> NAMES = Set.of("role", "content", "name", "tool_calls", "tool_call_id", "refusal",
            "annotations", "audio", "reasoning_content");

    private MessageFields() {}

    static List<Message> messages(Fields request) {
        List<JsonNode> values = request.array("messages", MOST);
        if (values.isEmpty()) {
            throw request.wrong("messages", "expected at least one");
        }
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            messages.add(message(Fields.of(values.get(i), "messages[" + i + "]")));
        }
        return messages;
    }

    private static Message message(Fields fields) {
        fields.checkNames(NAMES);
        Role role = role(fields);
        List<ToolCall> calls = role == Role.ASSISTANT ? calls(fields) : List.of();
        String callId = role == Role.TOOL ? fields.requiredText("tool_call_id") : fields.text("tool_call_id");
        boolean mayBeEmpty = role == Role.ASSISTANT && !calls.isEmpty();
        String content = fields.get("content") == null && mayBeEmpty ? "" : content(fields);
        return new Message(role, content, calls, callId, fields.text("name"));
    }

    private static Role role(Fields fields) {
        String word = fields.requiredText("role");
        return switch (word) {
            // Newer models of OpenAI call it so.
            case "system", "developer" -> Role.SYSTEM;
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            case "tool" -> Role.TOOL;
            default -> throw fields.wrong("role", "system, developer, user, assistant or tool",
                    fields.required("role"));
        };
    }

    /// A string, or texts in parts.
    private static String content(Fields fields) {
        JsonNode content = fields.required("content");
        if (content.isTextual()) {
            return content.textValue();
        }
        StringBuilder text = new StringBuilder();
        if (!content.isArray()) {
            throw fields.wrong("content", "a string or an array of parts", content);
        }
        List<JsonNode> parts = fields.array("content", MOST_PARTS);
        for (int i = 0; i < parts.size(); i++) {
            Fields part = Fields.of(parts.get(i), fields.path("content[" + i + "]"));
            String type = part.requiredText("type");
            if (!type.equals("text")) {
                throw part.wrong("type", "text, which is all that the model reads", part.required("type"));
            }
            text.append(part.requiredText("text"));
        }
        return text.toString();
    }

    private static List<ToolCall> calls(Fields fields) {
        List<ToolCall> calls = new ArrayList<>();
        List<JsonNode> values = fields.array("tool_calls", MOST_CALLS);
        for (int i = 0; i < values.size(); i++) {
            Fields call = Fields.of(values.get(i), fields.path("tool_calls[" + i + "]"));
            @Nullable
            Fields function = call.object("function");
            if (function == null) {
                throw call.wrong("function", "is missing");
            }
            calls.add(new ToolCall(call.requiredText("id"), function.requiredText("name"),
                    function.requiredText("arguments")));
        }
        return calls;
    }
}
