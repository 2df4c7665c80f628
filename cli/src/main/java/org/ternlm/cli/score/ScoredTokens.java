package org.ternlm.cli.score;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.ternlm.cli.output.JsonText;
import org.ternlm.generate.Score;

/// Tokens and how likely they are.
///
/// @param tokens what was asked for
/// @param score of these tokens, or of all but the first
record ScoredTokens(int[] tokens, Score score) {

    /// A token without anything before it has no probability.
    private boolean startsWithNull() {
        return score.logProbabilities().length < tokens.length;
    }

    /// `{"tokens":[…],"logprobs":[…],"sum":…,"greedy":…}`.
    String json() throws IOException {
        return JsonText.object(json -> {
            JsonText.ints(json, "tokens", tokens);
            writeLogProbabilities(json);
            json.writeNumberField("sum", score.sum());
            json.writeBooleanField("greedy", score.greedy());
        });
    }

    private void writeLogProbabilities(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("logprobs");
        if (startsWithNull()) {
            json.writeNull();
        }
        for (double value : score.logProbabilities()) {
            json.writeNumber(value);
        }
        json.writeEndArray();
    }
}
