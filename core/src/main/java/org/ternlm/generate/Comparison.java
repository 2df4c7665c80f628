package org.ternlm.generate;

import java.util.Arrays;
import java.util.List;
import org.ternlm.kernel.KvForm;
import org.ternlm.model.Decoder;
import org.ternlm.model.KvCache;

/// Passes the same tokens through two models and compares their distributions, some positions at a time.
final class Comparison {
    /// Positions whose logits are kept until the second model has passed them too.
    private static final int POSITIONS = 32;

    private final Engine reference;
    private final Engine other;
    private final KvForm form;
    private final int vocabulary;

    Comparison(Engine reference, Engine other, KvForm form) {
        this.reference = reference;
        this.other = other;
        this.form = form;
        vocabulary = reference.config().vocabularySize();
        if (other.config().vocabularySize() != vocabulary) {
            throw new IllegalArgumentException("vocabularies of %d and %d tokens cannot be compared".formatted(
                    vocabulary, other.config().vocabularySize()));
        }
    }

    Divergence run(int[] tokens) {
        int count = tokens.length - 1;
        Divergence result = new Divergence(new double[count], new boolean[count], new double[count],
                new double[count]);
        KvCache referenceCache = reference.newCache(form);
        KvCache otherCache = other.newCache(form);
        float[] kept = new float[Math.min(POSITIONS, count) * vocabulary];
        for (int start = 0; start < count; start += POSITIONS) {
            int[] part = Arrays.copyOfRange(tokens, start, Math.min(count, start + POSITIONS));
            reference.forward(List.of(new Decoder.Step(referenceCache, part, 0)), (step, index, logits,
                    offset) -> System.arraycopy(logits, offset, kept, index * vocabulary, vocabulary));
            int first = start;
            other.forward(List.of(new Decoder.Step(otherCache, part, 0)), (step, index, logits, offset) -> compare(kept,
                    index * vocabulary, logits, offset, tokens[first + index + 1], result, first + index));
        }
        return result;
    }

    private void compare(float[] kept, int keptOffset, float[] logits, int offset, int next, Divergence result,
            int at) {
        double keptSum = LogProbabilities.logSum(kept, keptOffset, vocabulary);
        double sum = LogProbabilities.logSum(logits, offset, vocabulary);
        double nats = 0;
        for (int i = 0; i < vocabulary; i++) {
            double expected = kept[keptOffset + i] - keptSum;
            nats += Math.exp(expected) * (expected - (logits[offset + i] - sum));
        }
        result.nats()[at] = nats;
        result.sameTop()[at] = LogProbabilities.mostLikely(kept, keptOffset, vocabulary) == LogProbabilities.mostLikely(
                logits, offset, vocabulary);
        result.reference()[at] = kept[keptOffset + next] - keptSum;
        result.compared()[at] = logits[offset + next] - sum;
    }
}
