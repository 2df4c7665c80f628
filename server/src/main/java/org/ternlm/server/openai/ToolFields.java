package org.ternlm.server.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.ternlm.chat.Tool;
import org.ternlm.server.http.Json;

/// The tools of a request, and whether they have to be called.
///
/// @param tools what the model may call
/// @param forced those of which one has to be called; none where the model decides
/// @param oneCall whether there may be only one call
record ToolFields(List<Tool> tools, List<Tool> forced, boolean oneCall) {
    private static final int MOST = 128;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,64}");

    static ToolFields of(Fields request) {
        List<Tool> tools = tools(request);
        boolean oneCall = !request.flag("parallel_tool_calls", true);
        JsonNode choice = request.get("tool_choice");
        if (choice == null) {
            return new ToolFields(tools, List.of(), oneCall);
        }
        if (choice.isObject()) {
            return new ToolFields(tools, List.of(named(request, choice, tools)), true);
        }
        return switch (choice.asText()) {
            case "none" -> new ToolFields(List.of(), List.of(), oneCall);
            case "auto" -> new ToolFields(tools, List.of(), oneCall);
            case "required" -> {
                if (tools.isEmpty()) {
                    throw request.wrong("tool_choice", "a call is required, and there are no tools");
                }
                yield new ToolFields(tools, tools, oneCall);
            }
            default -> throw request.wrong("tool_choice", "none, auto, required or a function", choice);
        };
    }

    private static List<Tool> tools(Fields request) {
        List<Tool> tools = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<JsonNode> values = request.array("tools", MOST);
        for (int i = 0; i < values.size(); i++) {
            Fields tool = Fields.of(values.get(i), "tools[" + i + "]");
            if (!tool.requiredText("type").equals("function")) {
                throw tool.wrong("type", "function", tool.required("type"));
            }
            Fields function = function(tool);
            String name = function.requiredText("name");
            if (!NAME.matcher(name).matches() || !names.add(name)) {
                throw function.wrong("name", "another name than the rest, 1 to 64 of a-z, A-Z, 0-9, _, . and -",
                        function.required("name"));
            }
            String description = function.text("description");
            tools.add(new Tool(name, description == null ? "" : description, parameters(function)));
        }
        return tools;
    }

    private static Fields function(Fields tool) {
        @Nullable
        Fields function = tool.object("function");
        if (function == null) {
            throw tool.wrong("function", "is missing");
        }
        return function;
    }

    private static JsonNode parameters(Fields function) {
        JsonNode parameters = function.get("parameters");
        if (parameters == null) {
            return Json.object().put("type", "object").set("properties", Json.object());
        }
        if (!parameters.isObject()) {
            throw function.wrong("parameters", "a JSON schema", parameters);
        }
        return parameters;
    }

    private static Tool named(Fields request, JsonNode choice, List<Tool> tools) {
        Fields fields = Fields.of(choice, "tool_choice");
        if (!fields.requiredText("type").equals("function")) {
            throw fields.wrong("type", "function", fields.required("type"));
        }
        String name = function(fields).requiredText("name");
        return tools.stream().filter(tool -> tool.name().equals(name)).findFirst().orElseThrow(
                () -> request.wrong("tool_choice", "there is no tool of that name"));
    }
}
