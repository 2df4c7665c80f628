package org.ternlm.generate;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What to generate. Made by [Tern#request(String)] or [#of(int...)] and refined by the `with` methods, each of which
/// returns a changed copy.
///
/// @param prompt tokens to continue, at least one
/// @param maxTokens most tokens to generate; with 0 the prompt is passed, scored if that is asked for, and that is
/// all
/// @param sampling how to draw them
/// @param stopStrings the text ends before the first of these
/// @param stopTokens the text ends before any of these, beside the model's own
/// @param ignoreEos whether the model's own end of text is passed over
/// @param logProbabilities whether to report the log-probability of each token
/// @param alternatives how many of the most likely tokens to report with each token
/// @param promptLogProbabilities whether to report those of the prompt's tokens too, with as many alternatives; it makes
/// the model pass the whole prompt again
/// @param mask which tokens may come, or null
public record GenerationRequest(int[] prompt, int maxTokens, Sampling sampling, List<String> stopStrings,
        Set<Integer> stopTokens, boolean ignoreEos, boolean logProbabilities, int alternatives,
        boolean promptLogProbabilities, @Nullable TokenMask mask) {
    private static final int MOST_ALTERNATIVES = 100;

    public GenerationRequest {
        prompt = prompt.clone();
        stopStrings = List.copyOf(stopStrings);
        stopTokens = Set.copyOf(stopTokens);
        if (prompt.length == 0) {
            throw new IllegalArgumentException("the prompt is empty");
        }
        if (maxTokens < 0) {
            throw new IllegalArgumentException("max tokens: expected 0 or more, found " + maxTokens);
        }
        if (stopStrings.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("a stop string is empty");
        }
        if (alternatives < 0 || alternatives > MOST_ALTERNATIVES) {
            throw new IllegalArgumentException("alternatives: expected 0 to %d, found %d".formatted(MOST_ALTERNATIVES,
                    alternatives));
        }
    }

    /// Up to 256 tokens, greedy, without stop strings.
    ///
    /// @throws IllegalArgumentException if there is no token
    public static GenerationRequest of(int... prompt) {
        return new GenerationRequest(prompt, 256, Sampling.GREEDY, List.of(), Set.of(), false, false, 0, false,
                null);
    }

    @Override
    public int[] prompt() {
        return prompt.clone();
    }

    public GenerationRequest withMaxTokens(int maxTokens) {
        return new GenerationRequest(prompt, maxTokens, sampling, stopStrings, stopTokens, ignoreEos,
                logProbabilities, alternatives, promptLogProbabilities, mask);
    }

    public GenerationRequest withSampling(Sampling sampling) {
        return new GenerationRequest(prompt, maxTokens, sampling, stopStrings, stopTokens, ignoreEos,
                logProbabilities, alternatives, promptLogProbabilities, mask);
    }

    public GenerationRequest withStopStrings(List<String> stopStrings) {
        return new GenerationRequest(prompt, maxTokens, sampling, stopStrings, stopTokens, ignoreEos,
                logProbabilities, alternatives, promptLogProbabilities, mask);
    }

    public GenerationRequest withStopTokens(Set<Integer> stopTokens) {
        return new GenerationRequest(prompt, maxTokens, sampling, stopStrings, stopTokens, ignoreEos,
                logProbabilities, alternatives, promptLogProbabilities, mask);
    }

    public GenerationRequest withIgnoreEos(boolean ignoreEos) {
        return new GenerationRequest(prompt, maxTokens, sampling, stopStrings, stopTokens, ignoreEos,
                logProbabilities, alternatives, promptLogProbabilities, mask);
    }

    public GenerationRequest withLogProbabilities(boolean logProbabilities) {
        return new GenerationRequest(prompt, maxTokens, sampling, stopStrings, stopTokens, ignoreEos,
                logProbabilities, alternatives, promptLogProbabilities, mask);
    }

    public GenerationRequest withAlternatives(int alternatives) {
        return new GenerationRequest(prompt, maxTokens, sampling, stopStrings, stopTokens, ignoreEos,
                logProbabilities, alternatives, promptLogProbabilities, mask);
    }

    public GenerationRequest withPromptLogProbabilities(boolean promptLogProbabilities) {
        return new GenerationRequest(prompt, maxTokens, sampling, stopStrings, stopTokens, ignoreEos,
                logProbabilities, alternatives, promptLogProbabilities, mask);
    }

    public GenerationRequest withMask(@Nullable TokenMask mask) {
        return new GenerationRequest(prompt, maxTokens, sampling, stopStrings, stopTokens, ignoreEos,
                logProbabilities, alternatives, promptLogProbabilities, mask);
    }
}
