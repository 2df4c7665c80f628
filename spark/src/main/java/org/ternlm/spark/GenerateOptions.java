package org.ternlm.spark;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ternlm.generate.Sampling;

/// What to generate. Made by [#of] and refined by the `with` methods, each of which returns a changed copy.
///
/// @param prompt the column of prompts, encoded with the special tokens that the tokenizer's configuration asks for
/// @param key the column of strings or whole numbers that tells rows apart: a row's random numbers depend on it and on the
/// seed alone; null for the prompt itself, so that equal prompts get equal answers
/// @param maxTokens most tokens to generate, 0 or more
/// @param temperature 0 takes the most likely token, 0 to 100
/// @param topK only the k most likely tokens; 0 for all
/// @param topP only the most likely tokens whose probabilities just reach this sum; 1 for all
/// @param minP only tokens at least this share of the most likely one's probability; 0 for all
/// @param repetitionPenalty 1 for none
/// @param stopStrings the text ends before the first of these
/// @param seed of the whole job
/// @param prefix of the names of the added columns
/// @param onError what becomes of rows that cannot be answered
public record GenerateOptions(String prompt, @Nullable String key, int maxTokens, double temperature, int topK,
        double topP, double minP, double repetitionPenalty, List<String> stopStrings, long seed, String prefix,
        OnError onError) implements Serializable {

    /// @throws IllegalArgumentException if a number is out of range or a stop string empty
    public GenerateOptions {
        if (maxTokens < 0) {
            throw new IllegalArgumentException("max tokens: expected 0 or more, found " + maxTokens);
        }
        if (stopStrings.contains("")) {
            throw new IllegalArgumentException("a stop string is empty");
        }
        new Sampling(temperature, topK, topP, minP, repetitionPenalty, 0, 0, Map.of(), seed);
        stopStrings = List.copyOf(stopStrings);
    }

    /// Continues the column `prompt` by up to 256 of the most likely tokens; errors fail the job.
    public static GenerateOptions of(String prompt) {
        return new GenerateOptions(prompt, null, 256, 0, 0, 1, 0, 1, List.of(), 0, "", OnError.FAIL);
    }

    /// The same with another column that tells rows apart; null for the prompt itself.
    public GenerateOptions withKey(@Nullable String column) {
        return new GenerateOptions(prompt, column, maxTokens, temperature, topK, topP, minP, repetitionPenalty,
                stopStrings, seed, prefix, onError);
    }

    /// The same with another length.
    ///
    /// @throws IllegalArgumentException if it is negative
    public GenerateOptions withMaxTokens(int most) {
        return new GenerateOptions(prompt, key, most, temperature, topK, topP, minP, repetitionPenalty, stopStrings,
                seed, prefix, onError);
    }

    /// The same at another temperature.
    ///
    /// @throws IllegalArgumentException if it is not 0 to 100
    public GenerateOptions withTemperature(double value) {
        return new GenerateOptions(prompt, key, maxTokens, value, topK, topP, minP, repetitionPenalty, stopStrings,
                seed, prefix, onError);
    }

    /// The same drawing from fewer tokens.
    ///
    /// @throws IllegalArgumentException if a number is out of range
    public GenerateOptions withMostLikely(int k, double p, double min) {
        return new GenerateOptions(prompt, key, maxTokens, temperature, k, p, min, repetitionPenalty, stopStrings, seed,
                prefix, onError);
    }

    /// The same with another penalty on tokens that occurred.
    ///
    /// @throws IllegalArgumentException if it is not more than 0 and at most 100
    public GenerateOptions withRepetitionPenalty(double penalty) {
        return new GenerateOptions(prompt, key, maxTokens, temperature, topK, topP, minP, penalty, stopStrings, seed,
                prefix, onError);
    }

    /// The same with other strings to stop at.
    ///
    /// @throws IllegalArgumentException if one is empty
    public GenerateOptions withStopStrings(List<String> strings) {
        return new GenerateOptions(prompt, key, maxTokens, temperature, topK, topP, minP, repetitionPenalty, strings,
                seed, prefix, onError);
    }

    /// The same with another seed.
    public GenerateOptions withSeed(long value) {
        return new GenerateOptions(prompt, key, maxTokens, temperature, topK, topP, minP, repetitionPenalty,
                stopStrings, value, prefix, onError);
    }

    /// The same with another beginning of the added columns' names.
    public GenerateOptions withPrefix(String start) {
        return new GenerateOptions(prompt, key, maxTokens, temperature, topK, topP, minP, repetitionPenalty,
                stopStrings, seed, start, onError);
    }

    /// The same with another rule for errors.
    public GenerateOptions withOnError(OnError rule) {
        return new GenerateOptions(prompt, key, maxTokens, temperature, topK, topP, minP, repetitionPenalty,
                stopStrings, seed, prefix, rule);
    }

    /// How the row of this key is drawn.
    Sampling sampling(String rowKey) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty, 0, 0, Map.of(), RowSeed.of(seed, rowKey));
    }
}
