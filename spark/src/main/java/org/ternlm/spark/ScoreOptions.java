package org.ternlm.spark;

/// What to score. Made by [#of] and refined by the `with` methods, each of which returns a changed copy.
///
/// @param text the column of texts, encoded with the special tokens that the tokenizer's configuration asks for
/// @param logProbabilities whether each row gets those of its tokens as well, in the column `logprobs`
/// @param windows whether a text longer than the context is scored in windows that move on by half of it, instead of being
/// an error
/// @param prefix of the names of the added columns
/// @param onError what becomes of rows that cannot be scored
public record ScoreOptions(String text, boolean logProbabilities, boolean windows, String prefix, OnError onError) {
    /// The column `text`; errors fail the job.
    public static ScoreOptions of(String text) {
        return new ScoreOptions(text, false, false, "", OnError.FAIL);
    }

    /// The same with or without the log-probability of each token.
    public ScoreOptions withLogProbabilities(boolean wanted) {
        return new ScoreOptions(text, wanted, windows, prefix, onError);
    }

    /// The same with or without windows for long texts.
    public ScoreOptions withWindows(boolean wanted) {
        return new ScoreOptions(text, logProbabilities, wanted, prefix, onError);
    }

    /// The same with another beginning of the added columns' names.
    public ScoreOptions withPrefix(String start) {
        return new ScoreOptions(text, logProbabilities, windows, start, onError);
    }

    /// The same with another rule for errors.
    public ScoreOptions withOnError(OnError rule) {
        return new ScoreOptions(text, logProbabilities, windows, prefix, rule);
    }
}
