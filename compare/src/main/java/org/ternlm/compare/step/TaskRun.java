package org.ternlm.compare.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ternlm.compare.config.Experiment;
import org.ternlm.compare.config.Measures;

/// Tasks with several choices, by `tern eval`.
///
/// @param experiment they belong to
record TaskRun(Experiment experiment) {

    /// What `tern eval --json` says of a model.
    ObjectNode run(Desk desk, Path model) throws IOException {
        Measures measures = experiment.measures();
        List<String> arguments = new ArrayList<>(List.of("eval", model.toString(), "--tasks", String.join(",", measures
                .tasks()), "--style", measures.taskStyle(), "--json"));
        measures.taskData().ifPresent(data -> arguments.addAll(List.of("--data", data.toString())));
        if (measures.taskLimit() > 0) {
            arguments.addAll(List.of("--limit", Integer.toString(measures.taskLimit())));
        }
        return (ObjectNode) desk.json(desk.withThreads(arguments));
    }
}
