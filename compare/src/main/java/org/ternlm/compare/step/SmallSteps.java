package org.ternlm.compare.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ternlm.compare.config.Experiment;
import org.ternlm.compare.config.SmallDevice;

/// The largest models under limits of memory.
///
/// @param experiment they belong to
record SmallSteps(Experiment experiment) {

    /// A run of a model under each limit.
    List<Step> steps(Subject subject) {
        SmallDevice small = experiment.small();
        List<Step> steps = new ArrayList<>();
        for (long megabytes : small.megabytes()) {
            Map<String, String> about = new LinkedHashMap<>(subject.about());
            about.put("megabytes", Long.toString(megabytes));
            List<String> prefix = small.wrapper().stream().map(word -> word.replace("{mb}", Long.toString(megabytes)))
                    .toList();
            steps.add(Step.of(Kind.SMALL, subject.step(Kind.SMALL) + "-" + megabytes, about, List.of(subject.step(
                    Kind.PACK)), prefix.toString(), desk -> run(desk, subject, prefix)));
        }
        return steps;
    }

    private ObjectNode run(Desk desk, Subject subject, List<String> prefix) throws IOException {
        Program.Outcome outcome = desk.start(prefix, desk.withThreads(List.of("bench", "-m", new ModelSteps(experiment)
                .packed(subject).toString(), "-p", "0", "-n", Integer.toString(experiment.measures().generated()),
                "--repeat", "1", "--json")));
        ObjectNode values = outcome.exitCode() == 0 ? (ObjectNode) Desk.json(outcome) : Measuring.values();
        values.put("exit_code", outcome.exitCode());
        if (outcome.exitCode() != 0) {
            values.put("last_words", Desk.lastWords(outcome));
        }
        return values;
    }
}
