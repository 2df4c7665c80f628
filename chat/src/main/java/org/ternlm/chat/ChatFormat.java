package org.ternlm.chat;

import java.util.List;
import java.util.Set;
import org.ternlm.chat.schema.JsonGrammar;
import org.ternlm.generate.Tern;

/// How conversations are written for one model. Safe for several threads.
public final class ChatFormat {
    private ChatFormat() {}

    /// The format of an open model: its own template (`chat_template.jinja`, `tokenizer_config.json`, or the metadata of
    /// a GGUF file), or a plain one for a model that has none.
    ///
    /// @throws org.ternlm.format.ModelFormatException if its template is damaged
    public static ChatFormat of(Tern tern) {
        throw new UnsupportedOperationException("to come: " + tern);
    }

    /// Whether the model brings a template: else it continues texts, and was not trained for conversations.
    public boolean isOfModel() {
        throw new UnsupportedOperationException("to come");
    }

    /// Whether the template tells the model of tools.
    public boolean takesTools() {
        throw new UnsupportedOperationException("to come");
    }

    /// The text that the model continues with its answer.
    ///
    /// @throws ChatTemplateException if the template does not take these messages
    public String text(ChatPrompt prompt) {
        throw new UnsupportedOperationException("to come: " + prompt);
    }

    /// The same as tokens, with one start of text where the model wants one.
    ///
    /// @throws ChatTemplateException if the template does not take these messages
    public int[] tokens(ChatPrompt prompt) {
        throw new UnsupportedOperationException("to come: " + prompt);
    }

    /// Tokens that end an answer, beside the model's own.
    public Set<Integer> stopTokens() {
        throw new UnsupportedOperationException("to come");
    }

    /// Texts that end an answer.
    public List<String> stopStrings() {
        throw new UnsupportedOperationException("to come");
    }

    /// A new reader of one answer, which tells text from tool calls as the answer comes.
    ///
    /// @param tools those of the prompt; without any, all is text
    public AnswerReader reader(List<Tool> tools) {
        throw new UnsupportedOperationException("to come: " + tools);
    }

    /// What an answer has to look like to be a call of one of these tools, in this model's syntax.
    public JsonGrammar callOf(List<Tool> tools) {
        throw new UnsupportedOperationException("to come: " + tools);
    }
}
