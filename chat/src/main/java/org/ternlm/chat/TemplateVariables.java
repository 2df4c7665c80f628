package org.ternlm.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ternlm.chat.jinja.MarkedText;

/// Messages and tools as templates expect them: what Hugging Face's `apply_chat_template` hands on.
///
/// @param argumentsAsText whether the arguments of tool calls are JSON text instead of objects
/// @param shortIds whether the ids of tool calls have nine letters and digits
record TemplateVariables(boolean argumentsAsText, boolean shortIds) {
    private static final int SHORT_ID = 9;

    List<Object> messages(List<Message> messages) {
        List<Object> list = new ArrayList<>();
        for (Message message : messages) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("role", message.role().word());
            map.put("content", MarkedText.foreign(message.content()));
            if (!message.toolCalls().isEmpty()) {
                map.put("tool_calls", message.toolCalls().stream().map(this::call).toList());
            }
            if (message.toolCallId() != null) {
                map.put("tool_call_id", id(message.toolCallId()));
            }
            if (message.name() != null) {
                map.put("name", MarkedText.foreign(message.name()));
            }
            list.add(map);
        }
        return list;
    }

    private Map<String, Object> call(ToolCall call) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", MarkedText.foreign(call.name()));
        Optional<JsonNode> arguments = argumentsAsText ? Optional.empty() : ToolJson.object(call.arguments());
        Object text = MarkedText.foreign(call.arguments());
        function.put("arguments", arguments.isPresent() ? foreign(arguments.get()) : text);
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", id(call.id()));
        map.put("type", "function");
        map.put("function", function);
        return map;
    }

    private MarkedText id(String id) {
        if (!shortIds || id.matches("[A-Za-z0-9]{9}")) {
            return MarkedText.foreign(id);
        }
        String digits = new BigInteger(1, id.getBytes(StandardCharsets.UTF_8)).mod(BigInteger.valueOf(36).pow(SHORT_ID))
                .toString(36);
        return MarkedText.own("0".repeat(SHORT_ID - digits.length()) + digits);
    }

    List<Object> tools(List<Tool> tools) {
        List<Object> list = new ArrayList<>();
        for (Tool tool : tools) {
            Map<String, Object> function = new LinkedHashMap<>();
            function.put("name", MarkedText.foreign(tool.name()));
            function.put("description", MarkedText.foreign(tool.description()));
            function.put("parameters", foreign(tool.parameters()));
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("type", "function");
            map.put("function", function);
            list.add(map);
        }
        return list;
    }

    private static @Nullable Object foreign(JsonNode node) {
        return switch (node.getNodeType()) {
            case NULL, MISSING -> null;
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> node.isIntegralNumber() && node.canConvertToLong()
                    ? (Object) node.longValue()
                    : (Object) node.doubleValue();
            case ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                node.forEach(element -> list.add(foreign(element)));
                yield list;
            }
            case OBJECT -> {
                Map<Object, @Nullable Object> map = new LinkedHashMap<>();
                node.properties().forEach(entry -> map.put(MarkedText.foreign(entry.getKey()),
                        foreign(entry.getValue())));
                yield map;
            }
            default -> MarkedText.foreign(node.asText());
        };
    }
}
