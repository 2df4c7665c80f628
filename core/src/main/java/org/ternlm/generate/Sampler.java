package org.ternlm.generate;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Draws tokens as a [Sampling] says. Keeps the random numbers of one generation; not thread-safe.
final class Sampler {
    private final Sampling sampling;
    private final SplittableRandom random;

    Sampler(Sampling sampling) {
        this.sampling = sampling;
        // By its class: a look-up by name loads every generator that there is, before the first token.
        random = new SplittableRandom(sampling.seed());
    }

    /// The next token, or -1 if nothing is allowed.
    ///
    /// @param logits the model's, not changed
    /// @param history what penalties look at
    /// @param allowed the mask, or null for all
    /// @param desk where to work
    int next(float[] logits, TokenHistory history, @Nullable BitSet allowed, SamplerDesk desk) {
        float[] scores = desk.scores();
        System.arraycopy(logits, 0, scores, 0, scores.length);
        sampling.logitBias().forEach((token, bias) -> {
            if (token >= 0 && token < scores.length) {
                scores[token] += bias.floatValue();
            }
        });
        if (sampling.repetitionPenalty() != 1) {
            history.penalizeRepetition(scores, (float) sampling.repetitionPenalty());
        }
        if (sampling.presencePenalty() != 0 || sampling.frequencyPenalty() != 0) {
            history.penalizeGenerated(scores, sampling.presencePenalty(), sampling.frequencyPenalty());
        }
        if (allowed != null) {
            for (int token = allowed.nextClearBit(0); token < scores.length; token = allowed.nextClearBit(token + 1)) {
                scores[token] = Float.NEGATIVE_INFINITY;
            }
        }
        int best = mostLikely(scores);
        if (best < 0 || sampling.temperature() == 0) {
            return best;
        }
        return draw(scores, best, desk.candidates());
    }

    private static int mostLikely(float[] scores) {
        int best = -1;
        float highest = Float.NEGATIVE_INFINITY;
        for (int token = 0; token < scores.length; token++) {
            if (scores[token] > highest) {
                highest = scores[token];
                best = token;
            }
        }
        return best;
    }

    private int draw(float[] scores, int best, Candidates candidates) {
        int count = sampling.topK() > 0
                ? ofMostLikely(scores, best, sampling.topK(), candidates)
                : all(scores, best, candidates);
        count = candidates.keepAtLeast(count, sampling.minP());
        return candidates.draw(count, random.nextDouble());
    }

    /// Makes those of the `most` most likely tokens candidates that top-p leaves; returns how many.
    private int ofMostLikely(float[] scores, int best, int most, Candidates candidates) {
        int found = candidates.takeBest(scores, most);
        int count = 0;
        while (count < found && candidates.weigh(count, weight(scores, candidates.token(count), best)) > 0) {
            count++;
        }
        return candidates.reaching(count, sampling.topP() * candidates.sum(count));
    }

    /// Makes all tokens candidates that top-p leaves; returns how many.
    private int all(float[] scores, int best, Candidates candidates) {
        int count = 0;
        double total = 0;
        for (int token = 0; token < scores.length; token++) {
            double weight = weight(scores, token, best);
            if (weight > 0) {
                candidates.set(count++, token, weight);
                total += weight;
            }
        }
        return sampling.topP() < 1 ? candidates.nucleus(count, sampling.topP(), total) : count;
    }

    private double weight(float[] scores, int token, int best) {
        return Math.exp((scores[token] - (double) scores[best]) / sampling.temperature());
    }
}
