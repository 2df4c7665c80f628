package org.ternlm.generate;

import java.util.Arrays;
import org.ternlm.model.Decoder;
import org.ternlm.model.KvCache;

/// The tokens that a sequence has passed, with their keys and values. Not thread-safe.
final class PassedTokens {
    private final KvCache cache;
    /// As many as the cache is long; what comes behind is about to be passed, or forgotten.
    private int[] tokens;

    PassedTokens(KvCache cache) {
        this(cache, new int[0]);
    }

    private PassedTokens(KvCache cache, int[] tokens) {
        this.cache = cache;
        this.tokens = tokens;
    }

    KvCache cache() {
        return cache;
    }

    int length() {
        return cache.length();
    }

    /// How many of the first `limit` tokens of `prompt` are those that were passed.
    int commonStart(int[] prompt, int limit) {
        int most = Math.min(length(), limit);
        int common = Arrays.mismatch(tokens, 0, most, prompt, 0, most);
        return common < 0 ? most : common;
    }

    /// Whether it begins with all of `other`.
    boolean covers(PassedTokens other) {
        return commonStart(other.tokens, other.length()) == other.length();
    }

    /// What passes `next`, too.
    Decoder.Step step(int[] next, int firstLogits) {
        int needed = length() + next.length;
        if (tokens.length < needed) {
            tokens = Arrays.copyOf(tokens, Math.max(needed, tokens.length * 2));
        }
        System.arraycopy(next, 0, tokens, length(), next.length);
        return new Decoder.Step(cache, next, firstLogits);
    }

    /// Its first `length` tokens, as a sequence of its own.
    PassedTokens fork(int length) {
        return new PassedTokens(cache.fork(length), Arrays.copyOf(tokens, length));
    }
}
