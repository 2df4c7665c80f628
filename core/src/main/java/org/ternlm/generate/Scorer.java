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

    /// Scores several continuations. What their beginnings have in common passes the model once, so that many answers to
    /// one question cost little more than the longest of them; the results are to the bit those of one by one.
    ///
    /// @return a score each, in the same order
    /// @throws IllegalArgumentException if context and continuation have over [#longestContinuation()] tokens together,
    /// there is no context, nothing to score, or an unknown token
    public List<Score> scoreTogether(List<Continuation> continuations) {
        int vocabulary = engine.config().vocabularySize();
        for (Continuation one : continuations) {
            if (one.context().length == 0 || one.tokens().length == 0) {
                throw new IllegalArgumentException("expected a token at least of context and continuation");
            }
            if (one.length() > longestContinuation()) {
                throw new IllegalArgumentException("%d tokens of context and continuation, expected at most %d"
                        .formatted(one.length(), longestContinuation()));
            }
            // The others pass the decoder, which knows them.
            checkToken(one.tokens()[one.tokens().length - 1], vocabulary);
        }
        return continuations.isEmpty() ? List.of() : new SharedPass(engine, form, continuations).run();
    }

    /// Most tokens of a context and its continuation together: one more than the context holds, since the last token is
    /// scored and not read.
    public int longestContinuation() {
        return contextLength + 1;
    }

    /// Scores a sequence of any length, all but its first token: windows of the whole context, each moved on by half
    /// of it, so that every token but those of the first window has at least half a context before it.
    ///
    /// @throws IllegalArgumentException if there are fewer than two tokens or one is unknown
    public Score scoreInWindows(int[] tokens) {
        int context = contextLength();
        if (tokens.length >= 2 && tokens.length <= context) {
            return score(tokens, 1);
        }
        double[] all = new double[Math.max(0, tokens.length - 1)];
        boolean[] greedy = {true};
        int stride = Math.max(1, context / 2);
        scoreInWindows(tokens, stride, (from, window) -> {
            System.arraycopy(window.logProbabilities(), 0, all, from - 1, window.logProbabilities().length);
            greedy[0] &= window.greedy();
        });
        return new Score(all, greedy[0]);
    }

    /// Scores a sequence of any length in windows of the whole context, each moved on by `stride` tokens. A window scores
    /// what the one before it has not, but never its own first token: with a stride of the whole context that is left
    /// out, with one less every token but the first of all is scored.
    ///
    /// @param stride 1 to the context
    /// @throws IllegalArgumentException if there are fewer than two tokens or one is unknown
    public void scoreInWindows(int[] tokens, int stride, WindowConsumer consumer) {
        int context = contextLength();
        if (tokens.length < 2) {
            throw new IllegalArgumentException("expected at least two tokens, found " + tokens.length);
        }
        if (stride < 1 || stride > context) {
            throw new IllegalArgumentException("expected a stride of 1 to %d, found %d".formatted(context, stride));
        }
        int scored = 1;
        for (int start = 0; scored < tokens.length; start += stride) {
            int end = Math.min(tokens.length, start + context);
            int from = Math.max(scored, start + 1);
            if (from < end) {
                consumer.accept(from, score(Arrays.copyOfRange(tokens, start, end), from - start));
            }
            scored = end;
        }
    }

    /// Hears of windows as they are scored.
    @FunctionalInterface
    public interface WindowConsumer {
        /// @param from index in the whole sequence of the first token that `score` is about
        void accept(int from, Score score);
    }

    /// Compares what this model expects after each token but the last with what another one does: the Kullback-Leibler
    /// divergence of this one's distribution from the reference's, Σ p log(p/q) with p the reference's.
    ///
    /// @param reference of a model with the same vocabulary
    /// @throws IllegalArgumentException if that has another size, the tokens are fewer than two or more than either
    /// context holds, or one is unknown
    public Divergence divergenceFrom(Scorer reference, int[] tokens) {
        int most = Math.min(contextLength, reference.contextLength);
        if (tokens.length < 2 || tokens.length > most) {
            throw new IllegalArgumentException("expected 2 to %d tokens, found %d".formatted(most, tokens.length));
        }
        checkToken(tokens[tokens.length - 1], engine.config().vocabularySize());
        return new Comparison(reference.engine, engine, form).run(tokens);
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
