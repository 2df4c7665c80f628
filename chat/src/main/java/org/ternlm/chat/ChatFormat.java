package org.ternlm.chat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.ternlm.chat.jinja.MarkedText;
import org.ternlm.chat.schema.JsonGrammar;
import org.ternlm.generate.Tern;
import org.ternlm.tokenizer.Tokenizer;

/// How conversations are written for one model. Safe for several threads.
///
/// What stands in messages and tools is text and nothing else: a user who writes `<|im_end|>` has written ten characters,
/// not the token that ends a turn.
public final class ChatFormat {
    private final Tokenizer tokenizer;
    private final OptionalInt bosId;
    private final PromptWriter writer;
    private final Optional<ToolSyntax> toolSyntax;
    private final boolean isOfModel;
    private final AnswerEnds ends;

    private ChatFormat(Tokenizer tokenizer, OptionalInt bosId, Optional<TemplateSource> source) {
        this.tokenizer = tokenizer;
        this.bosId = bosId;
        isOfModel = source.isPresent();
        toolSyntax = source.flatMap(template -> ToolSyntax.of(template.toolText()));
        PromptWriter inner = source.isPresent()
                ? new TemplatePrompt(source.get(), spelling(bosId), spelling(tokenizer.eosId()))
                : new PlainPrompt();
        writer = toolSyntax.isPresent() ? inner : new ToolsInWords(inner);
        ends = AnswerEnds.of(tokenizer, source.map(TemplateSource::text).orElse(""));
    }

    private String spelling(OptionalInt token) {
        return token.isPresent() ? tokenizer.piece(token.getAsInt()) : "";
    }

    /// The format of an open model: its own template (`chat_template.jinja`, `tokenizer_config.json`, or the metadata of
    /// a GGUF file), or a plain one for a model that has none.
    ///
    /// @throws org.ternlm.format.ModelFormatException if its template is damaged
    public static ChatFormat of(Tern tern) {
        return of(tern.path(), tern.tokenizer(), tern.bosId());
    }

    static ChatFormat of(Path model, Tokenizer tokenizer, OptionalInt bosId) {
        return new ChatFormat(tokenizer, bosId, TemplateSource.of(model));
    }

    /// Whether the model brings a template: else it continues texts, and was not trained for conversations.
    public boolean isOfModel() {
        return isOfModel;
    }

    /// Whether the template tells the model of tools. Where it does not, the system's message does, in words.
    public boolean takesTools() {
        return toolSyntax.isPresent();
    }

    /// The text that the model continues with its answer.
    ///
    /// @throws ChatTemplateException if the template does not take these messages
    public String text(ChatPrompt prompt) {
        return writer.write(prompt).text();
    }

    /// The same as tokens, with one start of text where the model wants one. A plain format without any text gives that
    /// alone.
    ///
    /// @throws ChatTemplateException if the template does not take these messages
    public int[] tokens(ChatPrompt prompt) {
        MarkedText text = writer.write(prompt);
        int[] tokens = tokenizer.encode(text.text(), false, text.marks());
        boolean starts = tokens.length > 0 && bosId.isPresent() && tokens[0] == bosId.getAsInt();
        boolean wantsStart = tokenizer.addsBos() || tokens.length == 0;
        if (starts || !wantsStart || bosId.isEmpty()) {
            return tokens;
        }
        return IntStream.concat(IntStream.of(bosId.getAsInt()), IntStream.of(tokens)).toArray();
    }

    /// Tokens that end an answer, beside the model's own.
    public Set<Integer> stopTokens() {
        return ends.tokens();
    }

    /// Texts that end an answer.
    public List<String> stopStrings() {
        return ends.texts();
    }

    /// A new reader of one answer, which tells text from tool calls as the answer comes.
    ///
    /// @param tools those of the prompt; without any, all is text
    public AnswerReader reader(List<Tool> tools) {
        return syntax().reader(tools);
    }

    /// What an answer has to look like to be a call of one of these tools, in this model's syntax.
    ///
    /// @throws IllegalArgumentException if there is no tool
    /// @throws org.ternlm.chat.schema.UnsupportedSchemaException if a tool's schema cannot be kept to
    public JsonGrammar callOf(List<Tool> tools) {
        if (tools.isEmpty()) {
            throw new IllegalArgumentException("tools: expected at least one");
        }
        return syntax().callOf(tools);
    }

    private ToolSyntax syntax() {
        return toolSyntax.orElse(ToolSyntax.IN_WORDS);
    }
}
