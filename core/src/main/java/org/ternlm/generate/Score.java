package org.ternlm.generate;

import java.util.Arrays;

/// How likely a model finds given tokens.
///
/// @param logProbabilities natural logarithm of each scored token's probability, given all before it
/// @param greedy whether every scored token is the most likely one
public record Score(double[] logProbabilities, boolean greedy) {

    /// The logarithm of the probability of all scored tokens together.
    public double sum() {
        return Arrays.stream(logProbabilities).sum();
    }
}
