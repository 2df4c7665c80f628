package org.ternlm.chat;

import org.ternlm.chat.jinja.MarkedText;

/// Writes a conversation as the text that a model continues with its answer. Safe for several threads.
interface PromptWriter {
    /// The text; what stands in messages and tools is marked as foreign.
    ///
    /// @throws ChatTemplateException if it does not take this conversation
    MarkedText write(ChatPrompt prompt);
}
