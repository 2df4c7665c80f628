package org.ternlm.cli.score;

import java.util.Arrays;
import org.ternlm.command.CommandException;
import org.ternlm.generate.Score;
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

    /// Tokenised as lm-evaluation-harness does, so that results compare: white space at the end of the context belongs
    /// to the continuation, and that is what the whole has beyond the context.
    private ScoredTokens pair(String context, String continuation) {
        int end = withoutTrailingSpace(context);
        String head = context.substring(0, end);
        String tail = context.substring(end) + continuation;
        int[] contextTokens = head.isEmpty() ? beginning() : tokenizer.encode(head, true);
        int[] whole = head.isEmpty()
                ? join(contextTokens, tokenizer.encode(tail, false))
                : tokenizer.encode(head + tail, true);
        int scored = whole.length - contextTokens.length;
        if (scored < 1) {
            throw new CommandException("the continuation adds no token to its context");
        }
        int[] kept = fitting(whole, scored);
        Score score = scorer.score(kept, kept.length - scored);
        return new ScoredTokens(Arrays.copyOfRange(whole, contextTokens.length, whole.length), score);
    }

    private int[] fitting(int[] whole, int scored) {
        int room = scorer.contextLength();
        if (whole.length <= room) {
            return whole;
        }
        if (!windowed) {
            throw tooLong("context and continuation have %d tokens".formatted(whole.length),
                    "--window cuts the context from the left");
        }
        if (scored >= room) {
            throw new CommandException("the continuation alone has %d tokens, the context holds %d with one before it"
                    .formatted(scored, room));
        }
        return Arrays.copyOfRange(whole, whole.length - room, whole.length);
    }

    private int[] beginning() {
        return new int[] {tern.bosId().orElseThrow(() -> new CommandException(
                "the context is empty, and this model has no token that starts a text"))};
    }

    private CommandException tooLong(String what, String hint) {
        return new CommandException("%s, the context holds %d".formatted(what, scorer.contextLength()), hint);
    }

    private static int[] join(int[] first, int[] second) {
        int[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    private static int withoutTrailingSpace(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    /// As Python's `str.isspace` has it: unlike Java's, with no-break spaces and next line.
    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }
}
