package org.ternlm.generate;

import java.util.Arrays;

/// Tokens that may be drawn, with weights in proportion to their probabilities; the largest weight is 1. Buffers for
/// one [Sampler], so that drawing allocates nothing.
final class Candidates {
    private int[] tokens;
    private double[] weights;
    private final long[] order;
    private int[] sortedTokens;
    private double[] sortedWeights;

    Candidates(int capacity) {
        tokens = new int[capacity];
        weights = new double[capacity];
        sortedTokens = new int[capacity];
        sortedWeights = new double[capacity];
        order = new long[capacity];
    }

    void set(int index, int token, double weight) {
        tokens[index] = token;
        weights[index] = weight;
    }

    /// Sorts the first `count` by falling weight, equal ones by rising token.
    void sort(int count) {
        for (int i = 0; i < count; i++) {
            // Weights are in (0, 1]: the bits of such floats rise with them, so the complement falls.
            order[i] = (long) ~Float.floatToRawIntBits((float) weights[i]) << 32 | i;
        }
        Arrays.sort(order, 0, count);
        for (int i = 0; i < count; i++) {
            int source = (int) order[i];
            sortedTokens[i] = tokens[source];
            sortedWeights[i] = weights[source];
        }
        int[] oldTokens = tokens;
        tokens = sortedTokens;
        sortedTokens = oldTokens;
        double[] oldWeights = weights;
        weights = sortedWeights;
        sortedWeights = oldWeights;
    }

    double sum(int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += weights[i];
        }
        return sum;
    }

    /// How many of the first `count` it takes for their weights to reach `target`.
    int reaching(int count, double target) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += weights[i];
            if (sum >= target) {
                return i + 1;
            }
        }
        return count;
    }

    /// Keeps those of at least `smallest`, and returns how many they are.
    int keepAtLeast(int count, double smallest) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (weights[i] >= smallest) {
                tokens[kept] = tokens[i];
                weights[kept++] = weights[i];
            }
        }
        return kept;
    }

    /// The token on which a point falls that is `share` (0 to 1) along the weights laid end to end.
    int draw(int count, double share) {
        double point = share * sum(count);
        for (int i = 0; i < count; i++) {
            point -= weights[i];
            if (point < 0) {
                return tokens[i];
            }
        }
        return tokens[count - 1];
    }
}
