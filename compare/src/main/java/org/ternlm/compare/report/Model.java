package org.ternlm.compare.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ternlm.compare.config.Arm;
import org.ternlm.compare.step.Kind;
import org.ternlm.compare.step.Results;

/// What was measured of one trained model.
///
/// @param findings it is from
/// @param set it belongs to
/// @param size its shape
/// @param arm its linear layers
/// @param seed of its weights
record Model(Findings findings, String set, String size, Arm arm, long seed) {

    String id(Kind kind) {
        return "%s-%s-%s-%s-%d".formatted(kind.word(), set, size, arm.configName(), seed);
    }

    /// The file of a step's result.
    String file(Kind kind) {
        return Results.fileName(id(kind));
    }

    JsonNode values(Kind kind) {
        return findings.values(id(kind));
    }

    Optional<Loss> loss() {
        return Loss.of(values(Kind.LOSS), findings.values(Kind.PREPARE.word()).path("bytes"));
    }

    /// Nats a token, the mean of all documents; NaN where it is not measured.
    double nats() {
        return loss().map(loss -> loss.perToken().mean().value()).orElse(Double.NaN);
    }

    /// Bytes of the packed model's file.
    OptionalDouble bytes() {
        return Timing.number(values(Kind.PACK).path("bytes"));
    }

    Timing timing() {
        return Timing.of(values(Kind.BENCH));
    }

    /// All weights, as `tern inspect` counts them.
    OptionalDouble weights() {
        JsonNode weights = values(Kind.INSPECT).path("weights");
        if (weights.isMissingNode()) {
            return OptionalDouble.empty();
        }
        double sum = 0;
        for (JsonNode place : weights) {
            sum += place.path("number").asDouble();
        }
        return OptionalDouble.of(sum);
    }

    /// Weights of linear layers; from the configuration where the model was not inspected.
    double linearWeights() {
        JsonNode counted = values(Kind.INSPECT).path("weights").path("linear").path("number");
        return counted.isNumber() ? counted.asDouble() : findings.shape(size).path("linear_weights").asDouble();
    }

    /// For a row of a table.
    String title() {
        return size + " " + arm.title();
    }
}
