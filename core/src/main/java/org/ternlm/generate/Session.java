package org.ternlm.generate;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ternlm.kernel.KvForm;
import org.ternlm.model.Decoder;
import org.ternlm.model.KvCache;
import org.ternlm.tokenizer.StreamDecoder;
import org.ternlm.tokenizer.Tokenizer;

/// One conversation with a model: the tokens passed so far and their keys and values. A prompt that begins with what
/// the session has passed already is continued from there instead of from the start.
///
/// One generation at a time; only [#cancel()] may be called from another thread.
public final class Session implements AutoCloseable {
    /// A cancelled prompt is noticed after at most so many tokens.
    private static final int PROMPT_CHUNK = 512;

    private final Engine engine;
    private final Tokenizer tokenizer;
    private final int contextLength;
    private final KvCache cache;
    private final float[] logits;
    private int[] passed = new int[0];
    private volatile boolean cancelled;

    Session(Engine engine, Tokenizer tokenizer, int contextLength, KvForm form) {
        this.engine = engine;
        this.tokenizer = tokenizer;
        this.contextLength = contextLength;
        cache = engine.newCache(form);
        logits = new float[engine.config().vocabularySize()];
    }

    /// Generates what the request asks for and tells `listener` as it happens, on the calling thread.
    ///
    /// @throws IllegalArgumentException if the prompt does not fit into the context or holds unknown tokens
    /// @throws IllegalStateException if the model is closed
    public Generation generate(GenerationRequest request, Consumer<GenerationEvent> listener) {
        int[] prompt = request.prompt();
        if (prompt.length > contextLength) {
            throw new IllegalArgumentException("the prompt has %d tokens, the context holds %d".formatted(
                    prompt.length, contextLength));
        }
        cancelled = false;
        Run run = new Run(request, listener, prompt);
        return run.run();
    }

    /// Generates without telling anybody on the way.
    public Generation generate(GenerationRequest request) {
        return generate(request, event -> {});
    }

    /// Ends the generation under way after its current step; may be called from any thread.
    public void cancel() {
        cancelled = true;
    }

    /// Tokens that the session has passed.
    public int length() {
        return cache.length();
    }

    /// Forgets everything.
    public void reset() {
        cache.truncate(0);
    }

    /// Lets go of the cache's memory.
    @Override
    public void close() {
        cache.truncate(0);
        passed = new int[0];
    }

    private void pass(int[] tokens) {
        if (passed.length < cache.length() + tokens.length) {
            passed = Arrays.copyOf(passed, Math.max(cache.length() + tokens.length, passed.length * 2));
        }
        System.arraycopy(tokens, 0, passed, cache.length(), tokens.length);
        engine.forward(List.of(Decoder.Step.next(cache, tokens)),
                (step, token, values, offset) -> System.arraycopy(values, offset, logits, 0, logits.length));
    }

    /// The state of one generation.
    private final class Run {
        private final GenerationRequest request;
        private final Consumer<GenerationEvent> listener;
        private final int[] prompt;
        private final Sampler sampler;
        private final StreamDecoder decoder;
        private final StopText stopText;
        private final StringBuilder text = new StringBuilder();
        private final BitSet seen = new BitSet();
        private final long start = System.nanoTime();
        private int[] tokens = new int[16];
        private int count;
        private int reused;
        private long promptNanos;
        private long firstTokenNanos;

        Run(GenerationRequest request, Consumer<GenerationEvent> listener, int[] prompt) {
            this.request = request;
            this.listener = listener;
            this.prompt = prompt;
            sampler = new Sampler(request.sampling(), logits.length);
            decoder = tokenizer.streamDecoder(true);
            stopText = new StopText(request.stopStrings());
            for (int token : prompt) {
                if (token >= 0 && token < logits.length) {
                    seen.set(token);
                    // A continuation is read in its place: only a text's own start may lose its leading space.
                    decoder.accept(token);
                }
            }
        }

        Generation run() {
            FinishReason reason = passPrompt() ? decode() : FinishReason.CANCELLED;
            String rest = stopText.found() ? "" : stopText.accept(decoder.finish()) + stopText.finish();
            if (stopText.found()) {
                reason = FinishReason.STOP;
            }
            text.append(rest);
            GenerationStats stats = new GenerationStats(prompt.length, reused, count, promptNanos, firstTokenNanos,
                    System.nanoTime() - start);
            listener.accept(new GenerationEvent.Finished(reason, rest, stats));
            return new Generation(prompt, Arrays.copyOf(tokens, count), text.toString(), reason, stats);
        }

        /// False if cancelled on the way.
        private boolean passPrompt() {
            reused = commonStart();
            cache.truncate(reused);
            for (int at = reused; at < prompt.length; at += PROMPT_CHUNK) {
                if (cancelled) {
                    return false;
                }
                pass(Arrays.copyOfRange(prompt, at, Math.min(prompt.length, at + PROMPT_CHUNK)));
            }
            promptNanos = System.nanoTime() - start;
            listener.accept(new GenerationEvent.PromptPassed(prompt.length, reused));
            return true;
        }

        /// At least the prompt's last token is passed again: its logits are needed.
        private int commonStart() {
            int limit = Math.min(cache.length(), prompt.length - 1);
            int common = Arrays.mismatch(passed, 0, limit, prompt, 0, limit);
            return common < 0 ? limit : common;
        }

        private FinishReason decode() {
            while (true) {
                if (cancelled) {
                    return FinishReason.CANCELLED;
                }
                int token = sampler.next(logits, seen, allowed());
                if (token < 0) {
                    return FinishReason.MASK;
                }
                if (endsText(token)) {
                    return FinishReason.STOP;
                }
                choose(token);
                if (stopText.found()) {
                    return FinishReason.STOP;
                }
                if (count == request.maxTokens()) {
                    return FinishReason.LENGTH;
                }
                if (cache.length() == contextLength) {
                    return FinishReason.CONTEXT;
                }
                pass(new int[] {token});
            }
        }

        private @Nullable BitSet allowed() {
            if (request.mask() == null) {
                return null;
            }
            BitSet allowed = new BitSet(logits.length);
            request.mask().allow(allowed);
            return allowed;
        }

        private boolean endsText(int token) {
            return request.stopTokens().contains(token)
                    || !request.ignoreEos() && engine.config().eosIds().contains(token);
        }

        private void choose(int token) {
            if (count == 0) {
                firstTokenNanos = System.nanoTime() - start;
            }
            if (count == tokens.length) {
                tokens = Arrays.copyOf(tokens, count * 2);
            }
            tokens[count++] = token;
            seen.set(token);
            if (request.mask() != null) {
                request.mask().accept(token);
            }
            boolean asked = request.logProbabilities() || request.alternatives() > 0;
            double logSum = asked ? LogProbabilities.logSum(logits, 0, logits.length) : Double.NaN;
            String certain = stopText.accept(decoder.accept(token));
            text.append(certain);
            listener.accept(new GenerationEvent.TokenChosen(token, certain, logits[token] - logSum,
                    LogProbabilities.top(logits, request.alternatives(), logSum)));
        }
    }
}
