package org.ternlm.compare.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ternlm.compare.step.Kind;
import org.ternlm.compare.step.Result;
import org.ternlm.compare.step.Results;

/// What was measured of random weights of a published shape.
///
/// @param name of the shape
/// @param kind of its linear layers
/// @param values of its step
/// @param file of its result
record Geometry(String name, String kind, JsonNode values, String file) {

    static List<Geometry> all(Findings findings) {
        List<Geometry> all = new ArrayList<>();
        for (Result result : findings.of(Kind.GEOMETRY)) {
            all.add(new Geometry(result.about("geometry"), result.about("weights"), result.values(),
                    Results.fileName(result.id())));
        }
        all.sort((a, b) -> Double.compare(a.linearWeights(), b.linearWeights()));
        return all;
    }

    /// The one of that shape and kind that ran.
    static Optional<Geometry> find(List<Geometry> all, String name, String kind) {
        return all.stream().filter(one -> one.name.equals(name) && one.kind.equals(kind) && one.timing().msPerToken()
                .isPresent()).findFirst();
    }

    Timing timing() {
        return Timing.of(values);
    }

    /// Weights of its linear layers, 0 where it did not run.
    double linearWeights() {
        return timing().result().path("linear_weights").asDouble();
    }

    /// Whether its weights are larger than this machine's memory.
    boolean isTooLarge() {
        return values.has("too_large");
    }

    static OptionalDouble ratio(OptionalDouble first, OptionalDouble second) {
        return first.isPresent() && second.isPresent()
                ? OptionalDouble.of(first.getAsDouble() / second.getAsDouble())
                : OptionalDouble.empty();
    }
}
