package org.ternlm.chat;

import org.ternlm.chat.jinja.MarkedText;

/// A conversation for a model that only continues texts: the contents one after the other, with an empty line before
/// each. What an assistant said continues what stands before it, as it did when the model wrote it.
final class PlainPrompt implements PromptWriter {
    @Override
    public MarkedText write(ChatPrompt prompt) {
        StringBuilder text = new StringBuilder();
        for (Message message : prompt.messages()) {
            if (!message.content().isEmpty()) {
                text.append(message.role() == Role.ASSISTANT || text.isEmpty() ? "" : "\n\n")
                        .append(message.content());
            }
        }
        return MarkedText.foreign(text.toString());
    }
}
