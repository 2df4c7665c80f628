package org.ternlm.generate;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.ternlm.kernel.KvForm;
import org.ternlm.model.Decoder;

/// Computes log-probabilities of given tokens. Safe for several threads; they take turns at the model.
public final class Scorer {
    private final Engine engine;
    private final int contextLength;
    private final KvForm form;

    Scorer(Engine engine, int contextLength, KvForm form) {
        this.engine = engine;
        this.contextLength = contextLength;
        this.form = form;
    }

    /// Most tokens that can be scored at once.
    public int contextLength() {
        return contextLength;
    }

    /// Scores the tokens from index `from` on, each given all before it.
    ///
    /// @param from 1 to `tokens.length`; the first token has nothing before it
    /// @throws IllegalArgumentException if that is not so, the tokens do not fit into the context, or one is unknown
    public Score score(int[] tokens, int from) {
        if (from < 1 || from > tokens.length) {
            throw new IllegalArgumentException("expected a first scored token from 1 to %d, found %d".formatted(
                    tokens.length, from));
        }
        if (tokens.length > contextLength()) {
            throw new IllegalArgumentException("%d tokens are longer than the context of %d".formatted(
                    tokens.length, contextLength()));
        }
        double[] logProbabilities = new double[tokens.length - from];
        boolean[] greedy = {true};
        if (logProbabilities.length > 0) {
            int vocabulary = engine.config().vocabularySize();
            int[] context = Arrays.copyOf(tokens, tokens.length - 1);
            checkToken(tokens[tokens.length - 1], vocabulary);
            engine.forward(List.of(new Decoder.Step(engine.newCache(form), context, from - 1)),
                    (step, index, logits, offset) -> {
                        int token = tokens[index + 1];
                        double logSum = LogProbabilities.logSum(logits, offset, vocabulary);
                        logProbabilities[index + 1 - from] = logits[offset + token] - logSum;
                        greedy[0] &= LogProbabilities.mostLikely(logits, offset, vocabulary) == token;
                    });
        }
        return new Score(logProbabilities, greedy[0]);
    }

    /// Scores a sequence of any length, all but its first token: windows of the whole context, each moved on by half
    /// of it, so that every token but those of the first window has at least half a context before it.
    ///
    /// @throws IllegalArgumentException if there are fewer than two tokens or one is unknown
    public Score scoreInWindows(int[] tokens) {
        if (tokens.length < 2) {
            throw new IllegalArgumentException("expected at least two tokens, found " + tokens.length);
        }
        int context = contextLength();
        if (tokens.length <= context) {
            return score(tokens, 1);
        }
        double[] all = new double[tokens.length - 1];
        boolean greedy = true;
        int scored = 1;
        int stride = Math.max(1, context / 2);
        for (int start = 0; scored < tokens.length; start += stride) {
            int end = Math.min(tokens.length, start + context);
            Score window = score(Arrays.copyOfRange(tokens, start, end), scored - start);
            System.arraycopy(window.logProbabilities(), 0, all, scored - 1, end - scored);
            greedy &= window.greedy();
            scored = end;
        }
        return new Score(all, greedy);
    }

    /// Scores as llama.cpp's `perplexity` does, which published figures are mostly made with: windows of the whole
    /// context, end to end; in each the first token is replaced by the one that starts a text, if there is one, and the
    /// tokens behind the middle are scored. What remains at the end and fills no window is left out.
    ///
    /// @param bos the token that starts a text
    /// @param scored hears of each window
    /// @throws IllegalArgumentException if the tokens fill no window, or one is unknown
    public void scoreSecondHalves(int[] tokens, OptionalInt bos, Consumer<Score> scored) {
        int context = contextLength();
        if (tokens.length < context) {
            throw new IllegalArgumentException("expected at least a window of %d tokens, found %d".formatted(context,
                    tokens.length));
        }
        for (int start = 0; start + context <= tokens.length; start += context) {
            int[] window = Arrays.copyOfRange(tokens, start, start + context);
            if (bos.isPresent()) {
                window[0] = bos.getAsInt();
            }
            scored.accept(score(window, context / 2 + 1));
        }
    }

    private static void checkToken(int token, int vocabulary) {
        if (token < 0 || token >= vocabulary) {
            throw new IllegalArgumentException("token %d is not in the vocabulary of %d".formatted(token, vocabulary));
        }
    }
}
