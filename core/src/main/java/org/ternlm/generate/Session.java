package org.ternlm.generate;

import java.util.List;
import java.util.function.Consumer;
import org.ternlm.kernel.KvForm;
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
    private final PassedTokens passed;
    private final SamplerDesk desk;
    private volatile boolean cancelled;

    Session(Engine engine, Tokenizer tokenizer, int contextLength, KvForm form) {
        this.engine = engine;
        this.tokenizer = tokenizer;
        this.contextLength = contextLength;
        passed = new PassedTokens(engine.newCache(form));
        desk = new SamplerDesk(engine.config().vocabularySize());
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
        GenerationRun continuation = new GenerationRun(request, listener, () -> cancelled, tokenizer, engine.config(),
                contextLength, System.nanoTime());
        int reused = passed.commonStart(prompt, GenerationRun.reusable(request, prompt.length));
        passed.cache().truncate(reused);
        continuation.begin(reused);
        boolean goesOn = true;
        while (goesOn && !cancelled) {
            int[] next = continuation.next(PROMPT_CHUNK);
            engine.forward(List.of(passed.step(next, continuation.firstLogits())),
                    (step, token, values, offset) -> continuation.take(token, values, offset));
            continuation.choose(desk);
            goesOn = continuation.goesOn();
        }
        return continuation.finish();
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
        return passed.length();
    }

    /// Forgets everything.
    public void reset() {
        passed.cache().truncate(0);
    }

    /// Lets go of the cache's memory.
    @Override
    public void close() {
        passed.cache().release();
    }
}
