package org.ternlm.generate;

import java.util.Map;

/// How the next token is drawn. The steps apply in this order: logit bias, repetition, presence and frequency
/// penalties, token mask,
/// temperature, top-k, top-p, min-p; then one token is drawn from what is left.
///
/// @param temperature logits are divided by it; 0 takes the most likely token (the lowest id among equals)
/// @param topK only the k most likely tokens; 0 for all
/// @param topP only the most likely tokens whose probabilities just reach this sum; 1 for all
/// @param minP only tokens at least this share of the most likely one's probability; 0 for all
/// @param repetitionPenalty positive logits of tokens that occurred are divided by it, negative ones multiplied; 1 for
/// none
/// @param presencePenalty subtracted once from the logits of tokens that were generated; 0 for none
/// @param frequencyPenalty subtracted from them as often as they were generated; 0 for none
/// @param logitBias added to the logits of these tokens
/// @param seed of the random numbers; the same seed, model and kernels give the same text
public record Sampling(double temperature, int topK, double topP, double minP, double repetitionPenalty,
        double presencePenalty, double frequencyPenalty, Map<Integer, Double> logitBias, long seed) {

    /// The most likely token, always.
    public static final Sampling GREEDY = new Sampling(0, 0, 1, 0, 1, 0, 0, Map.of(), 0);

    public Sampling {
        require(temperature >= 0 && temperature <= 100, "temperature", "0 to 100", temperature);
        require(topK >= 0, "top-k", "0 or more", topK);
        require(topP > 0 && topP <= 1, "top-p", "more than 0, at most 1", topP);
        require(minP >= 0 && minP <= 1, "min-p", "0 to 1", minP);
        require(repetitionPenalty > 0 && repetitionPenalty <= 100, "repetition penalty", "more than 0, at most 100",
                repetitionPenalty);
        require(Math.abs(presencePenalty) <= 100, "presence penalty", "-100 to 100", presencePenalty);
        require(Math.abs(frequencyPenalty) <= 100, "frequency penalty", "-100 to 100", frequencyPenalty);
        logitBias = Map.copyOf(logitBias);
        logitBias.values().forEach(bias -> require(Math.abs(bias) <= 1e9, "logit bias", "a finite number", bias));
    }

    private static void require(boolean sound, String name, String expected, Number found) {
        if (!sound) {
            throw new IllegalArgumentException("%s: expected %s, found %s".formatted(name, expected, found));
        }
    }
}
