package org.ternlm.generate;

/// Adds up scores to a loss: nats per token and its exponential, the perplexity. Not thread-safe.
public final class Perplexity {
    private double sum;
    private long tokens;

    /// Counts all tokens of `score`.
    public void add(Score score) {
        sum -= score.sum();
        tokens += score.logProbabilities().length;
    }

    /// Scored tokens.
    public long tokens() {
        return tokens;
    }

    /// Mean negative log-probability in nats; NaN without tokens.
    public double natsPerToken() {
        return sum / tokens;
    }

    /// e to the nats per token.
    public double value() {
        return Math.exp(natsPerToken());
    }
}
