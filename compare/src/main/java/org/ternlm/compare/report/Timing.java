package org.ternlm.compare.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalDouble;

/// What `tern bench --json` says of one model.
///
/// @param result its entry in `results`
record Timing(JsonNode result) {

    /// @param bench the whole output; may be missing
    static Timing of(JsonNode bench) {
        return new Timing(bench.path("results").path(0));
    }

    /// Milliseconds for each token, one after the other.
    OptionalDouble msPerToken() {
        OptionalDouble rate = generation(1);
        return rate.isPresent() ? OptionalDouble.of(1000 / rate.getAsDouble()) : rate;
    }

    /// Tokens a second of so many sequences together.
    OptionalDouble generation(int batch) {
        return rate("tg", batch);
    }

    /// Tokens a second of a prompt.
    OptionalDouble prompt() {
        return rate("pp", 1);
    }

    private OptionalDouble rate(String prefix, int batch) {
        for (JsonNode test : result.path("tests")) {
            if (test.path("test").asText().startsWith(prefix) && test.path("batch").asInt(1) == batch) {
                return number(test.path("tokens_per_second"));
            }
        }
        return OptionalDouble.empty();
    }

    /// The fastest and the slowest of the repetitions, ms a token, one after the other; empty if it was not measured.
    String spread() {
        double[] range = range();
        return Double.isNaN(range[0]) ? "" : Numbers.three(range[0]) + " to " + Numbers.three(range[1]);
    }

    /// Milliseconds a token of the fastest and of the slowest repetition; NaN if it was not measured.
    private double[] range() {
        for (JsonNode test : result.path("tests")) {
            if (test.path("test").asText().startsWith("tg") && test.path("batch").asInt(1) == 1) {
                return new double[] {1000 / test.path("fastest").asDouble(), 1000 / test.path("slowest").asDouble()};
            }
        }
        return new double[] {Double.NaN, Double.NaN};
    }

    /// Whether the slowest repetition of one took no less than the fastest of the other, both ways: then the medians do not
    /// say which is faster.
    boolean overlaps(Timing other) {
        double[] mine = range();
        double[] theirs = other.range();
        return mine[1] >= theirs[0] && theirs[1] >= mine[0];
    }

    /// Bytes of weights that a token reads, head included.
    OptionalDouble weightBytes() {
        return number(result.path("weight_bytes_per_token"));
    }

    /// Most memory of the process.
    OptionalDouble peakBytes() {
        OptionalDouble peak = number(result.path("peak_bytes"));
        return peak.isPresent() && peak.getAsDouble() > 0 ? peak : OptionalDouble.empty();
    }

    static OptionalDouble number(JsonNode node) {
        return node.isNumber() ? OptionalDouble.of(node.asDouble()) : OptionalDouble.empty();
    }
}
