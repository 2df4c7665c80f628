package org.ternlm.kernel;

/// Attention of some queries over blocks of keys and values, in steps that are put together as
///
/// ```
/// for each span of 256 positions, from the first on:
///   x[p] = factor · Σ query[i] · key[p][i]        fma in float, i upwards from 0; of int8: (Σ · keyScale[p]) · factor
///   m    = max x[p]
///   w[p] = e^(x[p] - m)                           Exponential
///   s    = Σ w[p]                                 in double, 8 lanes, p mod 8, upwards; those in pairs 4, 2, 1 apart;
///                                                   rounded to float
///   o[i] = Σ w[p] · value[p][i]                   fma in float, p upwards from 0; of int8: (w[p] · valueScale[p]) · byte
/// and over the spans, from the first on, M = -∞, S = O = 0 before it:
///   if m > M: f = e^(M - m), S = fma(S, f, s), O = fma(O, f, o), M = m
///   else:     f = e^(m - M), S = fma(s, f, S), O = fma(o, f, O)
/// out[i] = O[i] · (1 / S)
/// ```
///
/// It is so defined to the bit: all implementations agree, whatever their width, and a token gets the same from a span
/// whether it comes alone or with others, and whoever computes which span. The softmax streams: nothing is as long as
/// the context.
///
/// Stateless; safe from several threads on different outputs.
public interface AttentionKernel {
    /// Positions whose softmax has one maximum: four blocks.
    int SPAN = 256;

    /// Most queries of one call.
    int QUERIES = 4;

    /// Lanes of the sum of weights.
    int LANES = 8;

    /// The scores of some queries against the first `positions` keys of a block: `scores[scoresAt[q] + p]`. Behind them,
    /// up to the block's 64th, anything may be written.
    ///
    /// @param head of the keys
    /// @param positions 1 to 64
    /// @param query holds all queries
    /// @param queryAt where each begins
    /// @param queries how many, 1 to 4
    /// @param factor by which sums are multiplied
    /// @param scoresAt where the scores of each begin
    void scores(KvBlock block, int head, int positions, float[] query, int[] queryAt, int queries, float factor,
            float[] scores, int[] scoresAt);

    /// Turns the `count` scores from `at` on into weights: e^(score - max).
    ///
    /// @param largest their maximum, as [#largest] has it
    /// @return their sum
    float weights(float[] scores, int at, int count, float largest);

    /// The largest of `count` scores; NaN if one is NaN.
    float largest(float[] scores, int at, int count);

    /// Adds the values of a block's positions `from` (inclusive) to `to` (exclusive), times their weights, to the mixtures
    /// of some queries: `out[outAt[q] + i]`. The weights are used up: of int8 they are overwritten.
    ///
    /// @param head of the values
    /// @param weights `weights[weightsAt[q] + p]`
    /// @param queries how many, 1 to 4
    void mix(KvBlock block, int head, int from, int to, float[] weights, int[] weightsAt, int queries, float[] out,
            int[] outAt);

    /// Adds the lanes of a sum in their order; changes them.
    static float total(double[] lanes) {
        for (int apart = LANES / 2; apart > 0; apart /= 2) {
            for (int i = 0; i < apart; i++) {
                lanes[i] += lanes[i + apart];
            }
        }
        return (float) lanes[0];
    }
}
