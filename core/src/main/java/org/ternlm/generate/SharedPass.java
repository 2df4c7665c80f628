package org.ternlm.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ternlm.kernel.KvForm;
import org.ternlm.model.Decoder;
import org.ternlm.model.KvCache;

/// Scores several continuations whose first tokens are mostly the same: those pass the model once, and each goes on from
/// there by itself. The results have the bits that each would have alone, since the decoder's do not depend on how
/// tokens are divided among passes.
final class SharedPass {
    private final Engine engine;
    private final int vocabulary;
    private final KvCache cache;
    private final List<Continuation> continuations;
    private final int[][] sequences;
    private final double[][] logProbabilities;
    private final boolean[] greedy;

    SharedPass(Engine engine, KvForm form, List<Continuation> continuations) {
        this.engine = engine;
        vocabulary = engine.config().vocabularySize();
        cache = engine.newCache(form);
        this.continuations = continuations;
        sequences = continuations.stream().map(Continuation::joined).toArray(int[][]::new);
        logProbabilities = continuations.stream().map(one -> new double[one.tokens().length]).toArray(double[][]::new);
        greedy = new boolean[sequences.length];
        Arrays.fill(greedy, true);
    }

    List<Score> run() {
        int shared = sharedTokens();
        if (shared > 0) {
            int first = Math.min(shared, continuations.stream().mapToInt(one -> one.context().length - 1).min()
                    .orElseThrow());
            int[] tokens = Arrays.copyOf(sequences[0], shared);
            engine.forward(List.of(new Decoder.Step(cache, tokens, first)), (step, index, logits, offset) -> {
                double logSum = LogProbabilities.logSum(logits, offset, vocabulary);
                for (int i = 0; i < sequences.length; i++) {
                    take(i, index, logits, offset, logSum);
                }
            });
        }
        List<Score> scores = new ArrayList<>();
        for (int i = 0; i < sequences.length; i++) {
            goOn(i, shared);
            scores.add(new Score(logProbabilities[i], greedy[i]));
        }
        return scores;
    }

    private void goOn(int sequence, int shared) {
        int[] tokens = Arrays.copyOfRange(sequences[sequence], shared, sequences[sequence].length - 1);
        if (tokens.length == 0) {
            return;
        }
        int first = Math.max(0, continuations.get(sequence).context().length - 1 - shared);
        engine.forward(List.of(new Decoder.Step(cache, tokens, first)), (step, index, logits, offset) -> take(sequence,
                shared + index, logits, offset, LogProbabilities.logSum(logits, offset, vocabulary)));
        cache.truncate(shared);
    }

    /// Takes what follows position `at` of a sequence, if it is asked for.
    private void take(int sequence, int at, float[] logits, int offset, double logSum) {
        int index = at + 1 - continuations.get(sequence).context().length;
        if (index >= 0) {
            int token = sequences[sequence][at + 1];
            logProbabilities[sequence][index] = logits[offset + token] - logSum;
            greedy[sequence] &= LogProbabilities.mostLikely(logits, offset, vocabulary) == token;
        }
    }

    /// How many tokens from the start are the same in all sequences, without the last of each, which is never read.
    private int sharedTokens() {
        int shared = sequences[0].length - 1;
        for (int[] sequence : sequences) {
            int end = Math.min(shared, sequence.length - 1);
            int different = Arrays.mismatch(sequences[0], 0, end, sequence, 0, end);
            shared = different < 0 ? end : different;
        }
        return shared;
    }
}
