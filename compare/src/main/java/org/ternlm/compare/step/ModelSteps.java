package org.ternlm.compare.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ternlm.compare.config.Experiment;
import org.ternlm.compare.config.Measures;

/// What is done with each trained model.
///
/// @param experiment it belongs to
record ModelSteps(Experiment experiment) {

    /// The model as it is run: weights packed, or as float16; embedding and head as float16 always.
    Path packed(Subject subject) {
        return experiment.folder().resolve("models").resolve(subject.id());
    }

    /// The model as training left it.
    Path trained(Subject subject) {
        return new RunFolder(new TrainingFile(experiment).folder(subject.step(Kind.TRAIN))).weights(subject.arm()
                .isTernary());
    }

    Step pack(Subject subject) {
        Measuring measuring = new Measuring(experiment);
        return step(Kind.PACK, subject, Kind.TRAIN, "f16 embedding", desk -> {
            ObjectNode values = Measuring.values();
            measuring.convert(desk, trained(subject), packed(subject), List.of("--type", subject.arm().isTernary()
                    ? "autobitlinear"
                    : "f16", "--embedding", "f16"), values);
            return values;
        });
    }

    Step loss(Subject subject) {
        return step(Kind.LOSS, subject, Kind.PACK, "all documents", desk -> {
            ObjectNode values = Measuring.values();
            new Measuring(experiment).score(desk, packed(subject), values);
            return values;
        });
    }

    /// The measurements that one seed is enough for.
    List<Step> measurements(Subject subject) {
        Measuring measuring = new Measuring(experiment);
        Measures measures = experiment.measures();
        List<Step> steps = new ArrayList<>();
        steps.add(step(Kind.INSPECT, subject, Kind.PACK, "", desk -> Measuring.inspect(desk, packed(subject))));
        steps.add(step(Kind.BENCH, subject, Kind.PACK, "%d %d %d %s".formatted(measures.prompt(), measures.generated(),
                measures.repeat(), measures.batches()), desk -> measuring.bench(desk, packed(subject))));
        steps.add(step(Kind.PROFILE, subject, Kind.PACK, Integer.toString(measures.generated()), desk -> measuring
                .profile(desk, packed(subject))));
        if (!measures.tasks().isEmpty()) {
            steps.add(step(Kind.TASKS, subject, Kind.PACK, "%s %s %d".formatted(measures.tasks(), measures.taskStyle(),
                    measures.taskLimit()), desk -> new TaskRun(experiment).run(desk, packed(subject))));
        }
        return steps;
    }

    private Step step(Kind kind, Subject subject, Kind behind, String decides, Step.Work work) {
        List<String> needs = new ArrayList<>(List.of(subject.step(behind)));
        if (kind == Kind.LOSS) {
            needs.add(PrepareStep.ID);
        }
        return Step.of(kind, subject.step(kind), subject.about(), needs, decides, work);
    }
}
