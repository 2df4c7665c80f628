package org.ternlm.chat;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ternlm.chat.jinja.JinjaException;
import org.ternlm.chat.jinja.JinjaTemplate;
import org.ternlm.chat.jinja.MarkedText;
import org.ternlm.chat.jinja.RenderLimits;

/// A conversation written by a model's template.
///
/// Templates differ in what they take. What one refuses is offered in other forms, as far as these say the same: the
/// system's message at the start of the user's first one, and the arguments of tool calls as JSON text.
final class TemplatePrompt implements PromptWriter {
    private final TemplateSource source;
    private final JinjaTemplate usual;
    private final JinjaTemplate withTools;
    private final String bosToken;
    private final String eosToken;

    /// @throws org.ternlm.format.ModelFormatException if the template is damaged
    TemplatePrompt(TemplateSource source, String bosToken, String eosToken) {
        this.source = source;
        this.bosToken = bosToken;
        this.eosToken = eosToken;
        usual = source.parse(source.text());
        withTools = source.toolText().equals(source.text()) ? usual : source.parse(source.toolText());
    }

    @Override
    public MarkedText write(ChatPrompt prompt) {
        JinjaException refusal = null;
        for (ChatPrompt form : forms(prompt)) {
            for (boolean asText : hasCalls(form) ? List.of(false, true) : List.of(false)) {
                try {
                    return render(form, asText);
                } catch (JinjaException e) {
                    refusal = refusal == null ? e : refusal;
                }
            }
        }
        throw refused(refusal);
    }

    private ChatTemplateException refused(@Nullable JinjaException refusal) {
        String reason = refusal == null ? "no reason" : String.valueOf(refusal.getMessage());
        String line = reason.strip().replaceAll("\\s*\\R\\s*", " ");
        return new ChatTemplateException(refusal != null && refusal.isRaised()
                ? source.name() + " does not take these messages: " + line
                : source.name() + " fails at these messages: " + line);
    }

    private static List<ChatPrompt> forms(ChatPrompt prompt) {
        List<ChatPrompt> forms = new ArrayList<>(List.of(prompt));
        withoutSystem(prompt.messages()).ifPresent(messages -> forms.add(new ChatPrompt(messages, prompt.tools())));
        return forms;
    }

    /// The messages with the system's at the start of the user's first one, where there are both.
    private static Optional<List<Message>> withoutSystem(List<Message> messages) {
        if (messages.size() < 2 || messages.get(0).role() != Role.SYSTEM || messages.get(1).role() != Role.USER) {
            return Optional.empty();
        }
        Message user = messages.get(1);
        List<Message> joined = new ArrayList<>(messages.subList(1, messages.size()));
        joined.set(0, new Message(Role.USER, messages.getFirst().content() + "\n\n" + user.content(), List.of(), null,
                user.name()));
        return Optional.of(joined);
    }

    private static boolean hasCalls(ChatPrompt prompt) {
        return prompt.messages().stream().anyMatch(message -> !message.toolCalls().isEmpty());
    }

    private MarkedText render(ChatPrompt prompt, boolean argumentsAsText) {
        boolean tools = !prompt.tools().isEmpty();
        Map<String, @Nullable Object> variables = new HashMap<>();
        TemplateVariables values = new TemplateVariables(argumentsAsText, wantsShortIds(tools));
        variables.put("messages", values.messages(prompt.messages()));
        // None, not undefined, where there is none: so does Hugging Face, and templates ask for it.
        variables.put("tools", tools ? values.tools(prompt.tools()) : null);
        variables.put("documents", null);
        variables.put("add_generation_prompt", true);
        variables.put("bos_token", bosToken);
        variables.put("eos_token", eosToken);
        return (tools ? withTools : usual).render(variables, RenderLimits.USUAL, LocalDateTime.now());
    }

    /// Mistral's templates refuse every id that has not nine letters and digits.
    private boolean wantsShortIds(boolean tools) {
        return (tools ? source.toolText() : source.text()).contains("length != 9");
    }
}
