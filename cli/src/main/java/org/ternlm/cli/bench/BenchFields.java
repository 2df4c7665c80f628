package org.ternlm.cli.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalDouble;
import org.ternlm.model.MultiplyAccumulates;
import org.ternlm.model.PassProfile.Part;

/// The fields of one subject's result, as `--json` and `--record` write them. What is not known is left out.
final class BenchFields {
    private BenchFields() {}

    static void write(JsonGenerator json, SubjectResult result, BenchRound round) throws IOException {
        json.writeStringField("model", result.name());
        json.writeStringField("kind", result.kind());
        json.writeStringField("head", result.head());
        json.writeNumberField("threads", round.threads());
        writeIfKnown(json, "memory_bytes_per_second", round.bandwidth());
        json.writeNumberField("weight_bytes_per_token", result.weightBytes());
        json.writeNumberField("linear_weights", MultiplyAccumulates.of(result.config(), 0).linear());
        if (result.isTernary()) {
            json.writeNumberField("additions", result.trits().plus());
            json.writeNumberField("subtractions", result.trits().minus());
            json.writeNumberField("zeros", result.trits().zero());
        }
        json.writeStringField("many_tokens", round.manyTokens());
        json.writeNumberField("load_seconds", result.startUp().loadSeconds());
        json.writeNumberField("first_token_seconds", result.startUp().firstTokenSeconds());
        writeIfKnown(json, "full_speed_seconds", result.startUp().fullSpeedSeconds());
        json.writeNumberField("peak_bytes", result.peakBytes());
        json.writeArrayFieldStart("tests");
        for (Measurement measurement : result.measurements()) {
            json.writeStartObject();
            write(json, measurement, result, round);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, Measurement measurement, SubjectResult result, BenchRound round)
            throws IOException {
        json.writeStringField("test", measurement.test().name());
        json.writeNumberField("tokens", measurement.test().tokens());
        json.writeNumberField("batch", measurement.test().batch());
        json.writeNumberField("depth", measurement.test().depth());
        json.writeNumberField("tokens_per_second", measurement.median());
        json.writeNumberField("slowest", measurement.lowest());
        json.writeNumberField("fastest", measurement.highest());
        json.writeFieldName("all");
        json.writeArray(measurement.rates(), 0, measurement.rates().length);
        json.writeStringField("checksum", measurement.checksum());
        writeIfKnown(json, "bandwidth_share", result.bandwidthShare(measurement, round.bandwidth()));
        writeIfKnown(json, "entropy_share", result.entropyShare(measurement, round.bandwidth()));
        writeIfKnown(json, "joules_per_token", measurement.joulesPerToken());
        if (!measurement.millis().isEmpty()) {
            json.writeObjectFieldStart("milliseconds");
            for (Map.Entry<Part, Double> part : measurement.millis().entrySet()) {
                json.writeNumberField(part.getKey().title(), part.getValue());
            }
            json.writeEndObject();
        }
        if (!measurement.downDensities().isEmpty()) {
            double[] densities = measurement.downDensities().stream().mapToDouble(Double::doubleValue).toArray();
            json.writeFieldName("down_densities");
            json.writeArray(densities, 0, densities.length);
        }
    }

    private static void writeIfKnown(JsonGenerator json, String name, OptionalDouble value) throws IOException {
        if (value.isPresent()) {
            json.writeNumberField(name, value.getAsDouble());
        }
    }
}
