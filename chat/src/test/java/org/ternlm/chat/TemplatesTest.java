package org.ternlm.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ternlm.chat.jinja.JinjaException;
import org.ternlm.chat.jinja.JinjaTemplate;
import org.ternlm.chat.jinja.RenderLimits;

/// Templates that write the formats of public models, each in another style, against what Python's Jinja makes of the same
/// conversations (`oracle.py` beside the resources).
class TemplatesTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final LocalDateTime NOON = LocalDateTime.of(2025, 7, 10, 12, 5);

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(
                TemplatesTest.class.getResourceAsStream("templates/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(String name) {
        try {
            return JSON.readTree(resource(name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        json("expected.json").get("templates").properties().forEach(template -> template.getValue().properties()
                .forEach(conversation -> cases.add(Arguments.of(template.getKey(), conversation.getKey(),
                        conversation.getValue()))));
        return cases.stream();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("cases")
    void writesWhatPythonWrites(String template, String conversation, JsonNode expected) {
        ChatPrompt prompt = prompt(json("conversations.json").get(conversation));
        TemplateVariables values = new TemplateVariables(false, false);
        Map<String, Object> variables = new HashMap<>(Map.of("messages", values.messages(prompt.messages()),
                "add_generation_prompt", true, "bos_token", "<s>", "eos_token", "</s>"));
        if (!prompt.tools().isEmpty()) {
            variables.put("tools", values.tools(prompt.tools()));
        }
        String written;
        try {
            written = JinjaTemplate.parse(resource(template + ".jinja")).render(variables, RenderLimits.USUAL, NOON)
                    .text();
        } catch (JinjaException e) {
            assertThat(e.isRaised()).as(e.getMessage()).isTrue();
            assertThat(e.getMessage()).isEqualTo(expected.path("refused").textValue());
            return;
        }
        assertThat(written).isEqualTo(expected.path("text").textValue());
    }

    private static ChatPrompt prompt(JsonNode conversation) {
        List<Message> messages = new ArrayList<>();
        for (JsonNode message : conversation.get("messages")) {
            List<ToolCall> calls = new ArrayList<>();
            message.path("tool_calls").forEach(call -> calls.add(new ToolCall(call.get("id").textValue(),
                    call.at("/function/name").textValue(), call.at("/function/arguments").toString())));
            messages.add(new Message(Role.valueOf(message.get("role").textValue().toUpperCase(Locale.ROOT)),
                    message.get("content").textValue(), calls, text(message, "tool_call_id"), null));
        }
        List<Tool> tools = new ArrayList<>();
        for (JsonNode name : conversation.path("tools")) {
            JsonNode tool = json("tools.json").get(name.textValue());
            tools.add(new Tool(name.textValue(), tool.get("description").textValue(), tool.get("parameters")));
        }
        return new ChatPrompt(messages, tools);
    }

    private static @Nullable String text(JsonNode object, String name) {
        return object.path(name).textValue();
    }

    @Test
    void theFormatsAreThoseOfTheModels() {
        assertThat(json("expected.json").get("templates").size()).isEqualTo(12);
        assertThat(json("expected.json").at("/templates/qwen-3/calls/text").textValue())
                .contains(
                        "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Köln\", \"days\": 2}}\n</tool_call>")
                .endsWith("<|im_start|>assistant\n");
        assertThat(json("expected.json").at("/templates/llama-3/conversation/text").textValue())
                .startsWith("<s><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>");
        assertThat(json("expected.json").at("/templates/mistral/calls/text").textValue())
                .contains("[TOOL_CALLS] [{\"name\": \"weather\"").contains("\"id\": \"abcde1234\"}]</s>");
    }
}
