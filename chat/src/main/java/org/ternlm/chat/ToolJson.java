package org.ternlm.chat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tools and calls as JSON: `{"name":…,"arguments":{…}}`, or with `parameters` in place of `arguments`.
final class ToolJson {
    private static final JsonMapper MAPPER = JsonMapper
            .builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).build()).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static final int ID_LENGTH = 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    private ToolJson() {}

    private static Optional<JsonNode> any(String json) {
        try {
            return Optional.of(MAPPER.readTree(json)).filter(node -> !node.isMissingNode());
        } catch (JsonProcessingException notJson) {
            return Optional.empty();
        }
    }

    /// The object that a text is, if it is one.
    static Optional<JsonNode> object(String json) {
        return any(json).filter(JsonNode::isObject);
    }

    /// The calls that a text is, an object or an array of them; none if anything about it is wrong.
    static List<ToolCall> calls(String json, List<Tool> tools) {
        Optional<JsonNode> node = any(json);
        if (node.isEmpty()) {
            return List.of();
        }
        List<ToolCall> calls = new ArrayList<>();
        for (JsonNode element : node.get().isArray() ? (ArrayNode) node.get() : List.of(node.get())) {
            Optional<ToolCall> call = call(element, tools);
            if (call.isEmpty()) {
                return List.of();
            }
            calls.add(call.get());
        }
        return calls;
    }

    private static Optional<ToolCall> call(JsonNode node, List<Tool> tools) {
        JsonNode name = node.path("name");
        JsonNode arguments = node.path("arguments").isMissingNode() ? node.path("parameters") : node.path("arguments");
        if (arguments.isTextual()) {
            arguments = object(arguments.textValue()).orElse(arguments);
        }
        if (!name.isTextual() || tools.stream().noneMatch(tool -> tool.name().equals(name.textValue()))) {
            return Optional.empty();
        }
        if (!arguments.isObject() && !arguments.isMissingNode() && !arguments.isNull()) {
            return Optional.empty();
        }
        return Optional.of(new ToolCall(newId(), name.textValue(),
                arguments.isObject() ? arguments.toString() : "{}"));
    }

    private static String newId() {
        StringBuilder id = new StringBuilder("call_");
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        }
        return id.toString();
    }

    /// A schema that accepts a call of `tool` alone.
    ///
    /// @param argumentsKey `arguments` or `parameters`
    static JsonNode schema(Tool tool, String argumentsKey) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        ObjectNode schema = nodes.objectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("name").put("const", tool.name());
        JsonNode arguments = tool.parameters();
        if (!arguments.isObject() || arguments.isEmpty()) {
            // A tool that declares no parameters takes none.
            arguments = nodes.objectNode().put("type", "object").put("additionalProperties", false);
        }
        properties.set(argumentsKey, arguments);
        schema.putArray("required").add("name").add(argumentsKey);
        return schema.put("additionalProperties", false);
    }

    /// A call as JSON text.
    static String text(ToolCall call, String argumentsKey) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("name", call.name());
        node.set(argumentsKey, object(call.arguments()).orElse(JsonNodeFactory.instance.textNode(call.arguments())));
        return node.toString();
    }

    /// What a tool is, as JSON text.
    static String text(Tool tool) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("name", tool.name());
        if (!tool.description().isEmpty()) {
            node.put("description", tool.description());
        }
        node.set("parameters", tool.parameters());
        return node.toString();
    }
}
