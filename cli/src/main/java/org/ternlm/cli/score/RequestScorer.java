package org.ternlm.cli.score;

import java.util.List;
import org.ternlm.command.CommandException;
import org.ternlm.generate.Continuation;
import org.ternlm.generate.Scorer;
import org.ternlm.generate.Tern;
import org.ternlm.kernel.KvForm;
import org.ternlm.tokenizer.Tokenizer;

/// Answers requests with a model.
final class RequestScorer {
    private final Tern tern;
    private final Tokenizer tokenizer;
    private final Scorer scorer;
    private final boolean windowed;

    /// @param windowed whether what is longer than the context is scored in windows instead of refused
    RequestScorer(Tern tern, int contextLength, boolean windowed, KvForm form) {
        this.tern = tern;
        this.tokenizer = tern.tokenizer();
        this.scorer = tern.scorer(contextLength, form);
        this.windowed = windowed;
    }

    /// @throws CommandException if the request cannot be answered
    ScoredTokens score(ScoreRequest request) {
        return switch (request) {
            case ScoreRequest.Text text -> sequence(tokenizer.encode(text.text(), true), "the text");
            case ScoreRequest.Tokens tokens -> sequence(known(tokens.tokens()), "the list");
            case ScoreRequest.Pair pair -> pair(pair.context(), pair.continuation());
        };
    }

    private ScoredTokens sequence(int[] tokens, String what) {
        if (tokens.length == 0) {
            throw new CommandException("expected at least one token, found none in " + what);
        }
        if (tokens.length > scorer.contextLength() && !windowed) {
            throw tooLong("%s has %d tokens".formatted(what, tokens.length), "--window scores it in parts");
        }
        return new ScoredTokens(tokens, windowed ? scorer.scoreInWindows(tokens) : scorer.score(tokens, 1));
    }

    private int[] known(int[] tokens) {
        int size = tern.config().vocabularySize();
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i] < 0 || tokens[i] >= size) {
                throw new CommandException("tokens[%d]: %d is not in the vocabulary of %d".formatted(i, tokens[i],
                        size));
            }
        }
        return tokens;
    }

    private ScoredTokens pair(String context, String continuation) {
        Continuation whole;
        try {
            whole = Continuation.of(tokenizer, tern.bosId(), context, continuation);
        } catch (IllegalArgumentException wrong) {
            throw new CommandException(String.valueOf(wrong.getMessage()), null, wrong);
        }
        return new ScoredTokens(whole.tokens(), scorer.scoreTogether(List.of(fitting(whole))).getFirst());
    }

    private Continuation fitting(Continuation whole) {
        int room = scorer.contextLength();
        if (whole.length() > room && !windowed) {
            throw tooLong("context and continuation have %d tokens".formatted(whole.length()),
                    "--window cuts the context from the left");
        }
        try {
            return whole.fittedInto(room);
        } catch (IllegalArgumentException wrong) {
            throw new CommandException(String.valueOf(wrong.getMessage()), null, wrong);
        }
    }

    private CommandException tooLong(String what, String hint) {
        return new CommandException("%s, the context holds %d".formatted(what, scorer.contextLength()), hint);
    }
}
