package org.ternlm.server.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.ternlm.generate.FinishReason;
import org.ternlm.generate.GenerationEvent;
import org.ternlm.generate.GenerationEvent.Finished;
import org.ternlm.generate.GenerationEvent.PromptPassed;
import org.ternlm.generate.GenerationEvent.PromptScored;
import org.ternlm.generate.GenerationEvent.TokenChosen;
import org.ternlm.server.http.Json;

/// A continuation of a prompt, as `/v1/completions` gives it.
final class TextChoice implements Choice {
    private final int index;
    private final CompletionRequest.Prompt prompt;
    private final boolean echo;
    private final boolean isEmpty;
    private final @Nullable TextLogprobs logprobs;
    private final StringBuilder text = new StringBuilder();
    private @Nullable FinishReason reason;
    private boolean hasNews;
    /// Code points of the pieces so far.
    private int emitted;

    TextChoice(int index, CompletionRequest request, TokenTexts texts) {
        this.index = index;
        prompt = request.prompts().get(index / request.fields().choices());
        echo = request.echo();
        isEmpty = request.maxTokens() == 0;
        logprobs = request.logprobs() < 0 ? null : new TextLogprobs(texts);
        if (logprobs != null && echo) {
            logprobs.begin(prompt.tokens());
        }
    }

    @Override
    public boolean accept(GenerationEvent event) {
        switch (event) {
            case PromptScored scored when logprobs != null -> logprobs.addOfPrompt(scored);
            case PromptPassed _ when echo -> append(prompt.text());
            case TokenChosen chosen when !isEmpty -> {
                if (logprobs != null) {
                    logprobs.add(chosen.token(), chosen.logProbability(), chosen.alternatives(), codePoints());
                    hasNews = true;
                }
                append(chosen.text());
            }
            case Finished finished -> {
                append(isEmpty ? "" : finished.text());
                reason = finished.reason();
                hasNews = true;
            }
            default -> {
                // Nothing that shows.
            }
        }
        return true;
    }

    private void append(String more) {
        text.append(more);
        hasNews |= !more.isEmpty();
    }

    private int codePoints() {
        return emitted + text.codePointCount(0, text.length());
    }

    @Override
    public @Nullable ObjectNode opening() {
        return null;
    }

    @Override
    public @Nullable ObjectNode piece() {
        if (!hasNews) {
            return null;
        }
        hasNews = false;
        ObjectNode piece = whole();
        emitted = codePoints();
        text.setLength(0);
        return piece;
    }

    @Override
    public ObjectNode whole() {
        ObjectNode choice = Json.object();
        choice.put("index", index);
        choice.put("text", text.toString());
        choice.set("logprobs", logprobs == null ? null : logprobs.take());
        choice.put("finish_reason", reason == null ? null : FinishWords.of(reason));
        return choice;
    }
}
