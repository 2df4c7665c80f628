package org.ternlm.generate;

/// How long a generation took. It starts when it is asked for: in a [Scheduler] the time in the queue counts.
///
/// @param promptTokens tokens of the prompt
/// @param reusedTokens how many of them had been passed already
/// @param generatedTokens tokens generated
/// @param promptNanos from the start until the prompt's last logits
/// @param firstTokenNanos from the start until the first token was known; 0 if there was none
/// @param totalNanos from the start to the end
public record GenerationStats(int promptTokens, int reusedTokens, int generatedTokens, long promptNanos,
        long firstTokenNanos, long totalNanos) {

    /// Prompt tokens a second, those that were computed; 0 if none was.
    public double promptTokensPerSecond() {
        return rate(promptTokens - reusedTokens, promptNanos);
    }

    /// Tokens a second after the first one; 0 if there was only one.
    public double generatedTokensPerSecond() {
        return rate(generatedTokens - 1, totalNanos - firstTokenNanos);
    }

    private static double rate(int tokens, long nanos) {
        return tokens > 0 && nanos > 0 ? tokens * 1e9 / nanos : 0;
    }
}
