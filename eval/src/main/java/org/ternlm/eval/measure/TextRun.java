package org.ternlm.eval.measure;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.LongConsumer;
import org.ternlm.command.CommandException;
import org.ternlm.generate.Score;
import org.ternlm.generate.Scorer;
import org.ternlm.generate.Tern;
import org.ternlm.tokenizer.Tokenizer;

/// Scores texts. Not thread-safe.
public final class TextRun {
    private final Tern tern;
    private final Scorer scorer;
    private final TextWay way;
    private final int stride;

    /// @param scorer of the model `tern`, with the context that is asked for
    /// @param stride of windows, 1 to the context
    public TextRun(Tern tern, Scorer scorer, TextWay way, int stride) {
        this.tern = tern;
        this.scorer = scorer;
        this.way = way;
        this.stride = stride;
    }

    /// Scores documents, each from its own beginning.
    ///
    /// @param heard how many bytes of text are done
    /// @throws CommandException if no token can be scored
    public TextLoss run(List<String> documents, LongConsumer heard) {
        Mean nats = new Mean();
        long bytes = 0;
        long words = 0;
        boolean whole = true;
        for (String document : documents) {
            int[] tokens = tern.tokenizer().encode(document, true);
            boolean[] scored = new boolean[tokens.length];
            score(tokens, nats, scored);
            long size = ScoredBytes.of(document);
            long unscored = ScoredBytes.unscored(tern.tokenizer(), document, tokens, scored);
            bytes += size - unscored;
            whole &= unscored == 0;
            words += words(document);
            heard.accept(size);
        }
        if (nats.count() == 0) {
            throw new CommandException("no token to score: the text is too short",
                    way == TextWay.HALVES
                            ? "halves of windows need a whole context: --context N makes it shorter"
                            : null);
        }
        return new TextLoss(nats, bytes, whole ? words : 0);
    }

    private void score(int[] tokens, Mean nats, boolean[] scored) {
        Tokenizer tokenizer = tern.tokenizer();
        if (way == TextWay.HALVES) {
            int context = scorer.contextLength();
            if (tokens.length >= context) {
                int[] window = {0};
                scorer.scoreSecondHalves(tokens, tokenizer.addsBos() ? tern.bosId() : OptionalInt.empty(),
                        score -> {
                            add(score, window[0] * context + context / 2 + 1, nats, scored);
                            window[0]++;
                        });
            }
        } else if (tokens.length >= 2) {
            scorer.scoreInWindows(tokens, stride, (from, score) -> add(score, from, nats, scored));
        }
    }

    private static void add(Score score, int from, Mean nats, boolean[] scored) {
        for (int i = 0; i < score.logProbabilities().length; i++) {
            nats.add(-score.logProbabilities()[i]);
            scored[from + i] = true;
        }
    }

    /// As Python's `split()` counts them.
    private static long words(String text) {
        return text.isBlank() ? 0 : text.strip().split("\\s+").length;
    }
}
