package org.ternlm.compare.shipped;

import org.ternlm.eval.measure.TextLoss;

/// What was found about one model.
///
/// @param fileBytes of the whole file
/// @param bytesPerToken weights that are read for each token
/// @param loss of the stories
/// @param text how it continues the prompt
/// @param milliseconds a token takes
public record ShippedResult(ShippedModel model, long fileBytes, long bytesPerToken, TextLoss loss, String text,
        Milliseconds milliseconds) {

    /// Of a token, over several rounds.
    public record Milliseconds(double fastest, double median, double slowest) {}
}
