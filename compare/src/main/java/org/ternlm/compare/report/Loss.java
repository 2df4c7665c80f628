package org.ternlm.compare.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.ternlm.compare.figure.DocumentLoss;

/// The loss in the values of a step that scored documents.
///
/// @param perToken in nats a token
/// @param perByte in nats a byte
record Loss(DocumentLoss perToken, DocumentLoss perByte) {

    /// @param scored the values of a step, with `nats` and `tokens`
    /// @param bytes of the documents
    static Optional<Loss> of(JsonNode scored, JsonNode bytes) {
        double[] nats = numbers(scored.path("nats"));
        double[] tokens = numbers(scored.path("tokens"));
        if (nats.length < 2 || tokens.length != nats.length || bytes.size() != nats.length) {
            return Optional.empty();
        }
        return Optional.of(new Loss(DocumentLoss.of(nats, tokens), DocumentLoss.of(nats, numbers(bytes))));
    }

    private static double[] numbers(JsonNode array) {
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.get(i).asDouble();
        }
        return numbers;
    }
}
