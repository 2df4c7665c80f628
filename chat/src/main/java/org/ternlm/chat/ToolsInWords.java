package org.ternlm.chat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ternlm.chat.jinja.MarkedText;

/// Tools for a model whose template knows none: the system's message tells of them, calls stand in what the assistant said,
/// and a tool's answer comes from the user.
final class ToolsInWords implements PromptWriter {
    private final PromptWriter inner;

    ToolsInWords(PromptWriter inner) {
        this.inner = inner;
    }

    @Override
    public MarkedText write(ChatPrompt prompt) {
        List<Message> messages = new ArrayList<>();
        if (!prompt.tools().isEmpty()) {
            messages.add(Message.system(instructions(prompt.tools())));
        }
        for (Message message : prompt.messages()) {
            Message plain = inWords(message, prompt.messages());
            boolean joins = !messages.isEmpty() && messages.getLast().role() == plain.role()
                    && (plain.role() == Role.SYSTEM || message.role() == Role.TOOL);
            if (joins) {
                Message last = messages.removeLast();
                messages.add(new Message(plain.role(), last.content() + "\n\n" + plain.content(), List.of(), null,
                        last.name()));
            } else {
                messages.add(plain);
            }
        }
        return inner.write(ChatPrompt.of(messages));
    }

    private static String instructions(List<Tool> tools) {
        StringBuilder text = new StringBuilder("You can call these tools:\n");
        tools.forEach(tool -> text.append(ToolJson.text(tool)).append('\n'));
        return text.append("To call one, answer with nothing but JSON of this form: ")
                .append("{\"name\": \"the tool's name\", \"arguments\": {…}}").toString();
    }

    private static Message inWords(Message message, List<Message> all) {
        if (message.role() == Role.TOOL) {
            String name = message.name() != null ? message.name() : calledBy(message.toolCallId(), all);
            return Message.user("Answer of the tool" + (name.isEmpty() ? "" : " " + name) + ": " + message.content());
        }
        if (message.toolCalls().isEmpty()) {
            return message;
        }
        StringBuilder text = new StringBuilder(message.content());
        for (ToolCall call : message.toolCalls()) {
            text.append(text.isEmpty() ? "" : "\n").append(ToolJson.text(call, ToolSyntax.IN_WORDS.argumentsKey()));
        }
        return Message.assistant(text.toString());
    }

    private static String calledBy(@Nullable String id, List<Message> messages) {
        return messages.stream().flatMap(message -> message.toolCalls().stream())
                .filter(call -> call.id().equals(id)).map(ToolCall::name).findFirst().orElse("");
    }
}
