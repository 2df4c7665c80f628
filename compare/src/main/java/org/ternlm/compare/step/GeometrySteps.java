package org.ternlm.compare.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ternlm.compare.config.Experiment;
import org.ternlm.compare.config.Geometries;

/// Published shapes with random weights: time and memory of sizes that nobody trains here.
///
/// @param experiment they belong to
/// @param geometries what is wanted
record GeometrySteps(Experiment experiment, Geometries geometries) {
    /// How `tern bench` says that a model is larger than the memory.
    private static final String TOO_LARGE = "does not fit";

    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (String name : geometries.names()) {
            for (String kind : geometries.kinds()) {
                steps.add(step(name, kind));
            }
        }
        return steps;
    }

    private Step step(String name, String kind) {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("geometry", name);
        about.put("weights", kind);
        List<String> arguments = List.of("bench", "--geometry", name, "--kinds", kind, "--embedding", geometries
                .embedding(), "--head", geometries.head(), "-p", Integer.toString(geometries.prompt()), "-n",
                Integer
                        .toString(geometries.generated()),
                "--repeat", Integer.toString(geometries.repeat()), "--json");
        return Step.of(Kind.GEOMETRY, "geometry-%s-%s".formatted(name, kind), about, List.of(), String.join(" ",
                arguments), desk -> {
                    Program.Outcome outcome = desk.start(List.of(), desk.withThreads(arguments));
                    if (outcome.exitCode() == 0) {
                        return (ObjectNode) Desk.json(outcome);
                    }
                    String why = Desk.lastWords(outcome);
                    if (!why.contains(TOO_LARGE)) {
                        throw new StepFailedException(why);
                    }
                    // That it does not fit is what was measured.
                    ObjectNode values = Measuring.values();
                    values.put("too_large", why.replaceFirst(" \\(exit code.*", ""));
                    return values;
                });
    }
}
