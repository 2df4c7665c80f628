package org.ternlm.server.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ternlm.chat.ChatPrompt;
import org.ternlm.chat.ChatTemplateException;
import org.ternlm.chat.schema.JsonGrammar;
import org.ternlm.chat.schema.UnsupportedSchemaException;
import org.ternlm.generate.GenerationRequest;
import org.ternlm.server.http.ApiException;

/// What `POST /v1/chat/completions` asks for.
///
/// @param fields what all requests have
/// @param prompt the conversation as tokens
/// @param tools which tools there are
/// @param grammar what the answer has to look like, or null
/// @param logprobs how many likely tokens to show with each, or -1 for no log-probabilities
/// @param maxTokens most tokens to generate
record ChatRequest(GenerationFields fields, int[] prompt, ToolFields tools, @Nullable JsonGrammar grammar,
        int logprobs, int maxTokens) {
    /// All fields that may be there.
    static final Set<String> NAMES;
    private static final int MOST_LOGPROBS = 20;

    static {
        Set<String> names = new HashSet<>(GenerationFields.NAMES);
        names.addAll(Set.of("messages", "max_tokens", "max_completion_tokens", "logprobs", "top_logprobs", "tools",
                "tool_choice", "parallel_tool_calls", "response_format", "modalities"));
        NAMES = Set.copyOf(names);
    }

    /// @throws ApiException if something is wrong
    static ChatRequest of(JsonNode body, ServedModel model) {
        Fields fields = Fields.of(body);
        Set<String> known = new HashSet<>(NAMES);
        known.addAll(GenerationFields.HARMLESS);
        fields.checkNames(known);
        GenerationFields common = GenerationFields.of(fields, model.tern().config().vocabularySize());
        model.check(common.model());
        checkModalities(fields);
        ToolFields tools = ToolFields.of(fields);
        JsonGrammar format = ResponseFormat.of(fields);
        int[] prompt = prompt(fields, model, tools);
        return new ChatRequest(common, prompt, tools, tools.forced().isEmpty() ? format : call(tools, model),
                logprobs(fields), maxTokens(fields, model.contextLength() - prompt.length + 1));
    }

    private static void checkModalities(Fields fields) {
        for (JsonNode modality : fields.array("modalities", 8)) {
            if (!modality.asText().equals("text")) {
                throw fields.wrong("modalities", "text, which is all that the model writes", modality);
            }
        }
    }

    private static int[] prompt(Fields fields, ServedModel model, ToolFields tools) {
        try {
            int[] prompt = model.format().tokens(new ChatPrompt(MessageFields.messages(fields), tools.tools()));
            if (prompt.length == 0) {
                throw fields.wrong("messages", "are empty, and this model has no token that starts a text");
            }
            model.checkLength("messages", prompt.length);
            return prompt;
        } catch (ChatTemplateException e) {
            throw ApiException.field("messages", "the model's template refuses them: " + e.getMessage());
        }
    }

    private static JsonGrammar call(ToolFields tools, ServedModel model) {
        try {
            return model.format().callOf(tools.forced());
        } catch (UnsupportedSchemaException e) {
            throw ApiException.field(400, "tools", "unsupported_schema", "tools: " + e.getMessage());
        }
    }

    private static int logprobs(Fields fields) {
        boolean wanted = fields.flag("logprobs", false);
        int top = fields.integer("top_logprobs", 0, 0, MOST_LOGPROBS);
        if (top > 0 && !wanted) {
            throw fields.wrong("top_logprobs", "goes with logprobs only");
        }
        return wanted ? top : -1;
    }

    private static int maxTokens(Fields fields, int room) {
        int old = fields.integer("max_tokens", Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
        int wanted = fields.integer("max_completion_tokens", old, 1, Integer.MAX_VALUE);
        return Math.min(wanted, room);
    }

    /// What to generate, one for each choice.
    List<GenerationRequest> generations(ServedModel model) {
        List<String> stop = new ArrayList<>(fields.stop());
        stop.addAll(model.format().stopStrings());
        List<GenerationRequest> generations = new ArrayList<>();
        for (int choice = 0; choice < fields.choices(); choice++) {
            GenerationRequest request = fields.request(prompt, choice, maxTokens).withStopStrings(stop)
                    .withStopTokens(model.format().stopTokens()).withLogProbabilities(logprobs >= 0)
                    .withAlternatives(Math.max(0, logprobs));
            generations.add(grammar == null ? request : request.withMask(grammar.mask(model.vocabulary())));
        }
        return generations;
    }
}
