package org.ternlm.generate;

import java.util.Arrays;

/// Tokens that may be drawn, with weights in proportion to their probabilities; the largest weight is 1. Buffers for
/// one [SamplerDesk], so that drawing allocates nothing.
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

    /// The fewest of the first `count` whose weights reach a share of `total`, which all have together, in falling order;
    /// returns how many.
    int nucleus(int count, double share, double total) {
        // All lighter ones together weigh less than what the nucleus leaves: they need no sorting.
        int heavy = keepAtLeast(count, (1 - share) * total / count);
        sort(heavy);
        return reaching(heavy, share * total);
    }

    /// Takes the `most` tokens of the highest scores, in falling order, the lower of equals first; their weights are to
    /// be set by [#weigh]. Returns how many there are.
    int takeBest(float[] scores, int most) {
        int wanted = Math.min(most, scores.length);
        int count = 0;
        float lowest = Float.NEGATIVE_INFINITY;
        for (int token = 0; token < scores.length; token++) {
            if (count < wanted) {
                order[count++] = rank(scores[token], token);
                if (count == wanted) {
                    // Sorted, it is a heap already.
                    Arrays.sort(order, 0, count);
                    lowest = scores[token(order[0])];
                }
            } else if (scores[token] > lowest) {
                replaceLowest(rank(scores[token], token), count);
                lowest = scores[token(order[0])];
            }
        }
        Arrays.sort(order, 0, count);
        for (int i = 0; i < count; i++) {
            tokens[i] = token(order[count - 1 - i]);
        }
        return count;
    }

    /// Rises with the score, and falls with the token among equal ones.
    private static long rank(float score, int token) {
        int bits = Float.floatToRawIntBits(score);
        int rising = bits ^ (bits >> 31 & Integer.MAX_VALUE);
        return (long) rising << 32 | ~token & 0xFFFF_FFFFL;
    }

    private static int token(long rank) {
        return ~(int) rank;
    }

    /// Puts a rank in the place of the lowest in the heap of the first `count`, and lets it sink.
    private void replaceLowest(long rank, int count) {
        int at = 0;
        for (int child = 1; child < count; child = 2 * at + 1) {
            if (child + 1 < count && order[child + 1] < order[child]) {
                child++;
            }
            if (order[child] >= rank) {
                break;
            }
            order[at] = order[child];
            at = child;
        }
        order[at] = rank;
    }

    int token(int index) {
        return tokens[index];
    }

    /// Sets the weight of a token that is there already, and returns it.
    double weigh(int index, double weight) {
        weights[index] = weight;
        return weight;
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
