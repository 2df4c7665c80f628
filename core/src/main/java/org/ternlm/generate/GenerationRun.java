package org.ternlm.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ternlm.generate.GenerationEvent.Alternative;
import org.ternlm.model.ModelConfig;
import org.ternlm.tokenizer.StreamDecoder;
import org.ternlm.tokenizer.Tokenizer;

/// One generation, whoever drives it: what to pass next, and what to make of the logits.
///
/// ```
/// begin(reused);
/// do {
///     pass next(most); take the logits from firstLogits() on;
///     choose(desk);
/// } while (goesOn());
/// finish();
/// ```
///
/// One thread at a time; only [#goesOn] and [#finish] call the listener.
final class GenerationRun {
    private final GenerationRequest request;
    private final Consumer<GenerationEvent> listener;
    private final BooleanSupplier cancelled;
    private final ModelConfig config;
    private final int contextLength;
    private final long start;
    private final int[] prompt;
    private final Sampler sampler;
    private final StreamDecoder decoder;
    private final StopText stopText;
    private final StringBuilder text = new StringBuilder();
    private final TokenHistory history = new TokenHistory();
    private final BitSet allowed = new BitSet();
    private final List<GenerationEvent> scored = new ArrayList<>();
    private float[] logits = new float[0];
    private int[] tokens = new int[16];
    private int count;
    private int passed;
    private int[] passing = new int[0];
    private int reused;
    private int chosen;
    private double chosenLogProbability;
    private List<Alternative> alternatives = List.of();
    private @Nullable FinishReason reason;
    private long promptNanos;
    private long firstTokenNanos;

    /// @param cancelled whether to end before the next token
    /// @param contextLength most tokens to pass
    /// @param start what times are measured from, as [System#nanoTime()] counts
    GenerationRun(GenerationRequest request, Consumer<GenerationEvent> listener, BooleanSupplier cancelled,
            Tokenizer tokenizer, ModelConfig config, int contextLength, long start) {
        this.request = request;
        this.listener = listener;
        this.cancelled = cancelled;
        this.config = config;
        this.contextLength = contextLength;
        this.start = start;
        prompt = request.prompt();
        sampler = new Sampler(request.sampling());
        decoder = tokenizer.streamDecoder(true);
        stopText = new StopText(request.stopStrings());
        for (int token : prompt) {
            if (token >= 0 && token < config.vocabularySize()) {
                history.prompted(token);
                // A continuation is read in its place: only a text's own start may lose its leading space.
                decoder.accept(token);
            }
        }
    }

    /// Begins behind the first `reused` tokens of the prompt, at most [#reusable].
    void begin(int reused) {
        this.reused = reused;
        passed = reused;
        logits = new float[config.vocabularySize()];
    }

    /// How much of a prompt need not be passed again: the last token's logits are needed, or those of all.
    static int reusable(GenerationRequest request, int length) {
        return request.promptLogProbabilities() ? 0 : length - 1;
    }

    /// Tokens of the prompt that are still to be passed.
    int promptLeft() {
        return Math.max(0, prompt.length - passed);
    }

    int generated() {
        return count;
    }

    /// The tokens to pass next: at most `most` of the prompt, or the one that was chosen.
    int[] next(int most) {
        passing = promptLeft() > 0
                ? Arrays.copyOfRange(prompt, passed, passed + Math.min(most, promptLeft()))
                : new int[] {tokens[count - 1]};
        return passing;
    }

    /// The first of the tokens to pass whose logits are needed.
    int firstLogits() {
        if (passed + passing.length < prompt.length || request.maxTokens() == 0) {
            return scores(passed) ? 0 : passing.length;
        }
        return scores(passed) ? 0 : passing.length - 1;
    }

    private boolean scores(int position) {
        return request.promptLogProbabilities() && position < prompt.length - 1;
    }

    /// Takes the logits behind one of the tokens that are being passed.
    void take(int index, float[] values, int offset) {
        int position = passed + index;
        int vocabulary = config.vocabularySize();
        if (scores(position)) {
            int token = prompt[position + 1];
            double logSum = LogProbabilities.logSum(values, offset, vocabulary);
            scored.add(new GenerationEvent.PromptScored(position + 1, token, values[offset + token] - logSum,
                    LogProbabilities.top(values, offset, vocabulary, request.alternatives(), logSum)));
        } else {
            System.arraycopy(values, offset, logits, 0, vocabulary);
        }
    }

    /// After a pass: draws the next token, unless the prompt goes on. What takes long is done here, and nobody is told.
    void choose(SamplerDesk desk) {
        passed += passing.length;
        if (passed == prompt.length) {
            promptNanos = System.nanoTime() - start;
        }
        if (passed < prompt.length || request.maxTokens() == 0 || cancelled.getAsBoolean()) {
            return;
        }
        chosen = sampler.next(logits, history, allowed(), desk);
        if (chosen >= 0 && !endsText(chosen) && (request.logProbabilities() || request.alternatives() > 0)) {
            double logSum = LogProbabilities.logSum(logits, 0, logits.length);
            chosenLogProbability = logits[chosen] - logSum;
            alternatives = LogProbabilities.top(logits, 0, logits.length, request.alternatives(), logSum);
        } else {
            chosenLogProbability = Double.NaN;
        }
    }

    private @Nullable BitSet allowed() {
        if (request.mask() == null) {
            return null;
        }
        allowed.clear();
        request.mask().allow(allowed);
        return allowed;
    }

    private boolean endsText(int token) {
        return request.stopTokens().contains(token) || !request.ignoreEos() && config.eosIds().contains(token);
    }

    /// Tells the listener what came of the pass; false at the end.
    boolean goesOn() {
        boolean prompted = count == 0 && passed == prompt.length;
        scored.forEach(listener);
        scored.clear();
        if (prompted) {
            listener.accept(new GenerationEvent.PromptPassed(prompt.length, reused));
        }
        if (passed >= prompt.length) {
            reason = reasonToEnd();
        } else if (cancelled.getAsBoolean()) {
            reason = FinishReason.CANCELLED;
        }
        return reason == null;
    }

    private @Nullable FinishReason reasonToEnd() {
        if (cancelled.getAsBoolean()) {
            return FinishReason.CANCELLED;
        }
        if (request.maxTokens() == 0) {
            return FinishReason.LENGTH;
        }
        if (chosen < 0) {
            return FinishReason.MASK;
        }
        if (endsText(chosen)) {
            return FinishReason.STOP;
        }
        append(chosen);
        if (stopText.found()) {
            return FinishReason.STOP;
        }
        if (count == request.maxTokens()) {
            return FinishReason.LENGTH;
        }
        return passed == contextLength ? FinishReason.CONTEXT : null;
    }

    private void append(int token) {
        if (count == 0) {
            firstTokenNanos = System.nanoTime() - start;
        }
        if (count == tokens.length) {
            tokens = Arrays.copyOf(tokens, count * 2);
        }
        tokens[count++] = token;
        history.generated(token);
        if (request.mask() != null) {
            request.mask().accept(token);
        }
        String certain = stopText.accept(decoder.accept(token));
        text.append(certain);
        listener.accept(new GenerationEvent.TokenChosen(token, certain, chosenLogProbability, alternatives));
    }

    /// Ends it, before its time if need be, and tells the listener.
    Generation finish() {
        String rest = stopText.found() ? "" : stopText.accept(decoder.finish()) + stopText.finish();
        if (stopText.found()) {
            reason = FinishReason.STOP;
        }
        FinishReason end = Objects.requireNonNullElse(reason, FinishReason.CANCELLED);
        text.append(rest);
        GenerationStats stats = new GenerationStats(prompt.length, reused, count, promptNanos, firstTokenNanos,
                System.nanoTime() - start);
        listener.accept(new GenerationEvent.Finished(end, rest, stats));
        return new Generation(prompt, Arrays.copyOf(tokens, count), text.toString(), end, stats);
    }
}
