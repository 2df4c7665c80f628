package org.ternlm.chat;

import java.util.List;
import java.util.Optional;
import org.ternlm.chat.schema.JsonGrammar;

/// How a model writes its calls of tools.
enum ToolSyntax {
    /// `<tool_call>{"name":…,"arguments":{…}}</tool_call>` anywhere, each call in tags of its own: Hermes, Qwen, and many
    /// that talk ChatML.
    TAGGED("arguments", "<tool_call>\n", "\n</tool_call>"),
    /// The whole answer is `{"name":…,"parameters":{…}}`, perhaps behind `<|python_tag|>`, several with `;` between:
    /// Llama 3.1 and after.
    BARE("parameters", "", ""),
    /// `[TOOL_CALLS]` and a list of `{"name":…,"arguments":{…}}`: Mistral. The mark is a special token, and may be missing in
    /// the text.
    LISTED("arguments", "[TOOL_CALLS][", "]"),
    /// The whole answer is `{"name":…,"arguments":{…}}`, as [ToolsInWords] asks for it: models whose template knows no
    /// tools.
    IN_WORDS("arguments", "", "");

    private static final String PYTHON_TAG = "<|python_tag|>";
    private static final String TOOL_CALLS = "[TOOL_CALLS]";

    private final String argumentsKey;
    private final String before;
    private final String after;

    ToolSyntax(String argumentsKey, String before, String after) {
        this.argumentsKey = argumentsKey;
        this.before = before;
        this.after = after;
    }

    /// The syntax that a template tells of; empty if it knows no tools.
    static Optional<ToolSyntax> of(String template) {
        if (!template.contains("tools")) {
            return Optional.empty();
        }
        if (template.contains("<tool_call>")) {
            return Optional.of(TAGGED);
        }
        return Optional.of(template.contains(TOOL_CALLS) ? LISTED : BARE);
    }

    /// The member of a call that holds its arguments.
    String argumentsKey() {
        return argumentsKey;
    }

    AnswerReader reader(List<Tool> tools) {
        if (tools.isEmpty()) {
            return new TextReader();
        }
        return switch (this) {
            case TAGGED -> new TaggedCallReader(tools, "<tool_call>", "</tool_call>");
            case BARE, IN_WORDS -> new BareCallReader(tools, PYTHON_TAG);
            case LISTED -> new BareCallReader(tools, TOOL_CALLS);
        };
    }

    JsonGrammar callOf(List<Tool> tools) {
        return JsonGrammar.anyOf(tools.stream()
                .map(tool -> JsonGrammar.of(ToolJson.schema(tool, argumentsKey)).between(before, after)).toList());
    }
}
