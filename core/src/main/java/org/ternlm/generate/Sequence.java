package org.ternlm.generate;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ternlm.model.Decoder;
import org.ternlm.model.KvPool;
import org.ternlm.model.ModelConfig;
import org.ternlm.tokenizer.Tokenizer;

/// One request of a [Scheduler], from the queue to its end. What is not its ticket belongs to the scheduler's thread.
final class Sequence {
    private final GenerationRequest request;
    private final Ticket ticket;
    private final int[] prompt;
    private final int mostPositions;
    private final GenerationRun continuation;
    private @Nullable PassedTokens passed;
    private boolean begun;
    private @Nullable Generation generation;
    private @Nullable Throwable failure;

    Sequence(GenerationRequest request, Consumer<GenerationEvent> listener, Ticket ticket, Tokenizer tokenizer,
            ModelConfig config, int contextLength) {
        this.request = request;
        this.ticket = ticket;
        prompt = request.prompt();
        mostPositions = mostPositions(request, prompt.length, contextLength);
        continuation = new GenerationRun(request, listener, ticket::isCancelled, tokenizer, config, contextLength,
                System.nanoTime());
    }

    /// Positions that a request can come to.
    static int mostPositions(GenerationRequest request, int promptLength, int contextLength) {
        return (int) Math.min((long) promptLength + request.maxTokens(), contextLength);
    }

    Ticket ticket() {
        return ticket;
    }

    int[] prompt() {
        return prompt;
    }

    int reusable() {
        return GenerationRun.reusable(request, prompt.length);
    }

    /// What it has passed; null until it begins.
    @Nullable
    PassedTokens passed() {
        return passed;
    }

    /// Begins behind tokens of its prompt that were passed before.
    void hold(PassedTokens start) {
        passed = start;
    }

    /// Lets go of what it holds.
    void withdraw() {
        if (passed != null) {
            passed.cache().release();
            passed = null;
        }
    }

    /// How much of the first `limit` tokens of another prompt it will have passed at the end of its own.
    int promises(int[] other, int limit) {
        if (passed != null && promptLeft() == 0) {
            return 0;
        }
        int most = Math.min(prompt.length, limit);
        int common = Arrays.mismatch(prompt, 0, most, other, 0, most);
        return common < 0 ? most : common;
    }

    /// Tokens of the prompt that are still to be passed.
    int promptLeft() {
        return passed == null ? prompt.length : Math.max(0, prompt.length - passed.length());
    }

    int generated() {
        return continuation.generated();
    }

    /// Blocks of keys and values that it may yet take, copies of shared ones included.
    int mayTake() {
        return passed == null ? KvPool.blocks(mostPositions) : passed.cache().missingBlocks(mostPositions);
    }

    /// The same without copies, which nobody has to take where others let go.
    int mustTake() {
        return KvPool.blocks(mostPositions) - (passed == null ? 0 : passed.cache().blocks());
    }

    /// Before each of its steps; returns how many tokens need not be passed, the first time.
    int begin() {
        if (begun) {
            return 0;
        }
        begun = true;
        int reused = Objects.requireNonNull(passed).length();
        continuation.begin(reused);
        return reused;
    }

    /// Its part of a pass.
    ///
    /// @param most tokens of the prompt
    Decoder.Step step(int most) {
        PassedTokens sequence = Objects.requireNonNull(passed);
        int[] next = continuation.next(most);
        return sequence.step(next, continuation.firstLogits());
    }

    void take(int index, float[] logits, int offset) {
        continuation.take(index, logits, offset);
    }

    /// After a pass, on any thread: draws the next token.
    void choose(SamplerDesk desk) {
        try {
            continuation.choose(desk);
        } catch (Throwable ofMask) {
            failure = ofMask;
        }
    }

    /// Tells the listener what came of the pass; false at the end.
    boolean goesOn() {
        try {
            if (failure == null && continuation.goesOn()) {
                return true;
            }
        } catch (Throwable ofListener) {
            failure = ofListener;
        }
        finish();
        return false;
    }

    /// Ends it, before its time if need be.
    void finish() {
        try {
            if (failure == null) {
                generation = continuation.finish();
            }
        } catch (Throwable ofListener) {
            failure = ofListener;
        }
    }

    /// Gives whoever waits what came of it.
    void complete() {
        if (generation != null) {
            ticket.result().complete(generation);
        } else {
            ticket.result().completeExceptionally(failure != null ? failure : new IllegalStateException("no end"));
        }
    }
}
