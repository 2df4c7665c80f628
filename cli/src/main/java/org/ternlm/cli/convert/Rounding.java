package org.ternlm.cli.convert;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.ternlm.command.CommandException;
import org.ternlm.generate.Perplexity;
import org.ternlm.generate.Tern;

/// What rounding does to a model, on a text.
///
/// @param text of which the first tokens count
/// @param threads that compute
record Rounding(String text, int threads) {
    private static final int MOST_TOKENS = 4_096;

    static Rounding of(Path file, int threads) throws IOException {
        try {
            return new Rounding(Files.readString(file), threads);
        } catch (MalformedInputException e) {
            throw new CommandException(file + " is not UTF-8 text", null, e);
        }
    }

    /// @param tokens scored
    /// @param perplexity on them
    record Measure(long tokens, double perplexity) {}

    /// @throws CommandException if the text is too short
    Measure measure(Path model) {
        try (Tern tern = Tern.open(model, threads)) {
            int[] tokens = tern.tokenizer().encode(text, true);
            if (tokens.length < 2) {
                throw new CommandException("--text: expected at least two tokens, found " + tokens.length);
            }
            Perplexity perplexity = new Perplexity();
            perplexity.add(tern.scorer().scoreInWindows(Arrays.copyOf(tokens, Math.min(tokens.length, MOST_TOKENS))));
            return new Measure(perplexity.tokens(), perplexity.value());
        }
    }

    String compare(Measure before, Measure after) {
        return "perplexity on the first %,d tokens of the text: %.4g before rounding, %.4g after".formatted(before
                .tokens(), before.perplexity(), after.perplexity());
    }
}
