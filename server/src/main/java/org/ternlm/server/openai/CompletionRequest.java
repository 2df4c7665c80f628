package org.ternlm.server.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ternlm.generate.GenerationRequest;
import org.ternlm.server.http.ApiException;
import org.ternlm.tokenizer.Tokenizer;

/// What `POST /v1/completions` asks for.
///
/// @param fields what all requests have
/// @param prompts what to continue, at least one
/// @param echo whether the prompt's text comes before its continuation
/// @param logprobs how many likely tokens to show with each, or -1 for no log-probabilities
/// @param maxTokens most tokens to generate, 0 or more
record CompletionRequest(GenerationFields fields, List<Prompt> prompts, boolean echo, int logprobs, int maxTokens) {
    /// @param tokens at least one
    /// @param text the same
    record Prompt(int[] tokens, String text) {}

    /// All fields that may be there.
    static final Set<String> NAMES;
    private static final int MOST_PROMPTS = 256;
    private static final int MOST_LOGPROBS = 20;
    private static final int USUAL_TOKENS = 16;

    static {
        Set<String> names = new HashSet<>(GenerationFields.NAMES);
        names.addAll(Set.of("prompt", "echo", "logprobs", "max_tokens", "best_of", "suffix"));
        NAMES = Set.copyOf(names);
    }

    /// @throws ApiException if something is wrong
    static CompletionRequest of(JsonNode body, ServedModel model) {
        Fields fields = Fields.of(body);
        Set<String> known = new HashSet<>(NAMES);
        known.addAll(GenerationFields.HARMLESS);
        fields.checkNames(known);
        GenerationFields common = GenerationFields.of(fields, model.tern().config().vocabularySize());
        model.check(common.model());
        if (fields.integer("best_of", common.choices(), 1, Integer.MAX_VALUE) != common.choices()) {
            throw fields.wrong("best_of", "expected the same as n: this server returns all that it generates");
        }
        String suffix = fields.text("suffix");
        if (suffix != null && !suffix.isEmpty()) {
            throw fields.wrong("suffix", "is not supported: the model only continues texts");
        }
        return new CompletionRequest(common, prompts(fields, model), fields.flag("echo", false),
                fields.integer("logprobs", -1, 0, MOST_LOGPROBS),
                fields.integer("max_tokens", USUAL_TOKENS, 0, Integer.MAX_VALUE));
    }

    private static List<Prompt> prompts(Fields fields, ServedModel model) {
        JsonNode value = fields.required("prompt");
        List<Prompt> prompts = new ArrayList<>();
        if (value.isTextual()) {
            prompts.add(ofText(value.textValue(), model));
        } else if (value.isArray() && !value.isEmpty() && value.get(0).isNumber()) {
            prompts.add(ofTokens(fields, value, model));
        } else if (value.isArray() && !value.isEmpty()) {
            for (JsonNode each : fields.array("prompt", MOST_PROMPTS)) {
                if (!each.isTextual() && !(each.isArray() && !each.isEmpty())) {
                    throw fields.wrong("prompt", "strings or arrays of tokens, none of them empty", each);
                }
                prompts.add(each.isTextual() ? ofText(each.textValue(), model) : ofTokens(fields, each, model));
            }
        } else {
            throw fields.wrong("prompt", "a string, an array of strings, of tokens, or of arrays of tokens", value);
        }
        return prompts;
    }

    private static Prompt ofText(String text, ServedModel model) {
        int[] tokens = model.tern().tokenizer().encode(text, true);
        if (tokens.length == 0) {
            tokens = new int[] {model.tern().bosId().orElseThrow(() -> ApiException.field("prompt",
                    "is empty, and this model has no token that starts a text"))};
        }
        model.checkLength("prompt", tokens.length);
        return new Prompt(tokens, text);
    }

    private static Prompt ofTokens(Fields fields, JsonNode values, ServedModel model) {
        model.checkLength("prompt", values.size());
        int size = model.tern().config().vocabularySize();
        int[] tokens = new int[values.size()];
        for (int i = 0; i < tokens.length; i++) {
            JsonNode value = values.get(i);
            if (!value.isInt() || value.intValue() < 0 || value.intValue() >= size) {
                throw fields.wrong("prompt", "tokens from 0 to %d".formatted(size - 1), value);
            }
            tokens[i] = value.intValue();
        }
        Tokenizer tokenizer = model.tern().tokenizer();
        return new Prompt(tokens, tokenizer.decode(tokens, true));
    }

    /// What to generate: all choices of the first prompt, then those of the next.
    List<GenerationRequest> generations(int contextLength) {
        List<GenerationRequest> generations = new ArrayList<>();
        for (Prompt prompt : prompts) {
            for (int choice = 0; choice < fields.choices(); choice++) {
                // Without a token to generate, one is nevertheless drawn, and dropped.
                int most = Math.clamp(maxTokens, 1, contextLength - prompt.tokens().length + 1);
                GenerationRequest request = fields.request(prompt.tokens(), choice, most);
                generations.add(logprobs < 0
                        ? request
                        : request.withLogProbabilities(true).withAlternatives(logprobs)
                                .withPromptLogProbabilities(echo).withIgnoreEos(fields.ignoreEos() || isScoring()));
            }
        }
        return generations;
    }

    /// Whether the prompt's log-probabilities are what is asked for. Harnesses then want exactly one token after it, or
    /// none, and would take the prompt's last one for that if the text ended there.
    private boolean isScoring() {
        return echo && logprobs >= 0 && maxTokens <= 1;
    }
}
