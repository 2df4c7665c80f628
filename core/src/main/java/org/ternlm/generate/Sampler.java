package org.ternlm.generate;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Draws tokens as a [Sampling] says. Keeps the random numbers of one generation; not thread-safe.
final class Sampler {
    private final Sampling sampling;
    private final SplittableRandom random;
    private final float[] scores;
    private final Candidates candidates;

    Sampler(Sampling sampling, int vocabularySize) {
        this.sampling = sampling;
        // By its class: a look-up by name loads every generator that there is, before the first token.
        random = new SplittableRandom(sampling.seed());
        scores = new float[vocabularySize];
        candidates = new Candidates(vocabularySize);
    }

    /// The next token, or -1 if nothing is allowed.
    ///
    /// @param logits the model's, not changed
    /// @param seen tokens that occurred, for the repetition penalty
    /// @param allowed the mask, or null for all
    int next(float[] logits, BitSet seen, @Nullable BitSet allowed) {
        System.arraycopy(logits, 0, scores, 0, scores.length);
        sampling.logitBias().forEach((token, bias) -> {
            if (token >= 0 && token < scores.length) {
                scores[token] += bias.floatValue();
            }
        });
        penalize(seen);
        if (allowed != null) {
            for (int token = allowed.nextClearBit(0); token < scores.length; token = allowed.nextClearBit(token + 1)) {
                scores[token] = Float.NEGATIVE_INFINITY;
            }
        }
        int best = mostLikely();
        if (best < 0 || sampling.temperature() == 0) {
            return best;
        }
        return draw(best);
    }

    private void penalize(BitSet seen) {
        float penalty = (float) sampling.repetitionPenalty();
        if (penalty == 1) {
            return;
        }
        for (int token = seen.nextSetBit(0); token >= 0; token = seen.nextSetBit(token + 1)) {
            scores[token] = scores[token] > 0 ? scores[token] / penalty : scores[token] * penalty;
        }
    }

    private int mostLikely() {
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

    private int draw(int best) {
        int count = sampling.topK() > 0 ? ofMostLikely(best, sampling.topK()) : all(best);
        count = candidates.keepAtLeast(count, sampling.minP());
        return candidates.draw(count, random.nextDouble());
    }

    /// Makes those of the `most` most likely tokens candidates that top-p leaves; returns how many.
    private int ofMostLikely(int best, int most) {
        int found = candidates.takeBest(scores, most);
        int count = 0;
        while (count < found && candidates.weigh(count, weight(candidates.token(count), best)) > 0) {
            count++;
        }
        return candidates.reaching(count, sampling.topP() * candidates.sum(count));
    }

    /// Makes all tokens candidates that top-p leaves; returns how many.
    private int all(int best) {
        int count = 0;
        double total = 0;
        for (int token = 0; token < scores.length; token++) {
            double weight = weight(token, best);
            if (weight > 0) {
                candidates.set(count++, token, weight);
                total += weight;
            }
        }
        return sampling.topP() < 1 ? candidates.nucleus(count, sampling.topP(), total) : count;
    }

    private double weight(int token, int best) {
        return Math.exp((scores[token] - (double) scores[best]) / sampling.temperature());
    }
}
