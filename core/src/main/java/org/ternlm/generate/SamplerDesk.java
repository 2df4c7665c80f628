package org.ternlm.generate;

import org.jspecify.annotations.Nullable;

/// Buffers of the size of the vocabulary, which samplers use one after the other. One thread at a time.
final class SamplerDesk {
    private final float[] scores;
    private @Nullable Candidates candidates;

    SamplerDesk(int vocabularySize) {
        scores = new float[vocabularySize];
    }

    float[] scores() {
        return scores;
    }

    /// Made when the first sampler draws: the most likely token needs none.
    Candidates candidates() {
        if (candidates == null) {
            candidates = new Candidates(scores.length);
        }
        return candidates;
    }
}
