package org.ternlm.options;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.generate.Sampling;
import picocli.CommandLine.Option;

/// How tokens are drawn. The defaults suit small models, which lose the thread at higher temperatures.
public final class SamplingOptions {
    @Option(names = "--temperature", paramLabel = "T", defaultValue = "0.7", description = "How daring; 0 takes the likeliest, always. Default: ${DEFAULT-VALUE}.")
    private double temperature;

    @Option(names = "--top-k", paramLabel = "K", defaultValue = "40", description = "From the K likeliest tokens; 0: all. Default: ${DEFAULT-VALUE}.")
    private int topK;

    @Option(names = "--top-p", paramLabel = "P", defaultValue = "0.95", description = "From those that make up this share. Default: ${DEFAULT-VALUE}.")
    private double topP;

    @Option(names = "--min-p", paramLabel = "P", defaultValue = "0", description = "None below this share of the likeliest. Default: ${DEFAULT-VALUE}.")
    private double minP;

    @Option(names = "--repetition-penalty", paramLabel = "F", defaultValue = "1", description = "Above 1, tokens that occurred lose. Default: ${DEFAULT-VALUE}.")
    private double repetitionPenalty;

    @Option(names = "--logit-bias", paramLabel = "ID=B", description = "Makes a token likelier, or less if B < 0; -1000 bans it. May be repeated.")
    private Map<Integer, Double> logitBias = new LinkedHashMap<>();

    @Option(names = "--seed", paramLabel = "N", description = "The same seed gives the same text. Without it, one that --stats shows.")
    private @Nullable Long seed;

    /// What the options say, with a new seed where they name none.
    ///
    /// @throws IllegalArgumentException if a value is out of its range
    public Sampling sampling() {
        // Short enough to be typed again.
        long chosen = seed != null ? seed : new SplittableRandom().nextInt(1, Integer.MAX_VALUE);
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty, 0, 0, logitBias, chosen);
    }

    /// @throws CommandException if a bias is meant for a token that does not exist
    public void checkTokens(int vocabularySize) {
        for (int token : logitBias.keySet()) {
            if (token < 0 || token >= vocabularySize) {
                throw new CommandException("--logit-bias: token %d is not in the vocabulary of %d".formatted(token,
                        vocabularySize), "tern tokenize shows a text's tokens");
            }
        }
    }
}
