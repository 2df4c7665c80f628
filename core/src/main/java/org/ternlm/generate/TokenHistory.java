package org.ternlm.generate;

import java.util.Arrays;
import java.util.BitSet;

/// The tokens that penalties look at: which occurred, and how often each was generated. Not thread-safe.
final class TokenHistory {
    private final BitSet seen = new BitSet();
    private int[] tokens = new int[16];
    private int[] counts = new int[16];
    private int size;

    /// A token of the prompt.
    void prompted(int token) {
        seen.set(token);
    }

    /// A token that was generated.
    void generated(int token) {
        seen.set(token);
        for (int i = 0; i < size; i++) {
            if (tokens[i] == token) {
                counts[i]++;
                return;
            }
        }
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * size);
            counts = Arrays.copyOf(counts, 2 * size);
        }
        tokens[size] = token;
        counts[size++] = 1;
    }

    /// Divides positive scores of tokens that occurred by `penalty`, and multiplies negative ones.
    void penalizeRepetition(float[] scores, float penalty) {
        for (int token = seen.nextSetBit(0); token >= 0; token = seen.nextSetBit(token + 1)) {
            scores[token] = scores[token] > 0 ? scores[token] / penalty : scores[token] * penalty;
        }
    }

    /// Subtracts from the scores of generated tokens: once `presence`, and `frequency` as often as each was generated.
    void penalizeGenerated(float[] scores, double presence, double frequency) {
        for (int i = 0; i < size; i++) {
            scores[tokens[i]] -= (float) (presence + frequency * counts[i]);
        }
    }
}
