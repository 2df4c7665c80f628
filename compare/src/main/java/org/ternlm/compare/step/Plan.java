package org.ternlm.compare.step;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.ternlm.compare.config.Arm;
import org.ternlm.compare.config.ArmSet;
import org.ternlm.compare.config.Experiment;
import org.ternlm.compare.config.Size;

/// All steps of a comparison, each behind those that it needs.
///
/// @param steps in the order in which they are done
public record Plan(List<Step> steps) {
    public Plan {
        steps = List.copyOf(steps);
    }

    /// The steps that a configuration asks for.
    public static Plan of(Experiment experiment) {
        TrainingSteps training = new TrainingSteps(experiment);
        ModelSteps models = new ModelSteps(experiment);
        List<Step> steps = new ArrayList<>();
        steps.add(new PrepareStep(experiment).step());
        steps.add(training.speed());
        for (Subject subject : subjects(experiment)) {
            if (training.isSwept(subject.arm()) && experiment.sweptAt().map(subject.size()::equals).orElse(true)
                    && subject.seed() == experiment.seeds().getFirst()) {
                steps.add(training.sweep(subject.set(), subject.arm(), subject.size()));
            }
            steps.add(training.train(subject));
            steps.add(models.pack(subject));
            steps.add(models.loss(subject));
            if (subject.seed() == experiment.seeds().getFirst()) {
                steps.addAll(models.measurements(subject));
            }
        }
        experiment.spectrum().ifPresent(spectrum -> steps.addAll(new SpectrumSteps(experiment, spectrum).steps()));
        Size largest = experiment.sizes().getLast();
        ArmSet set = experiment.sets().getFirst();
        if (experiment.arms().contains(Arm.B158)) {
            steps.add(SpectrumSteps.packings(experiment, new Subject(set, largest, Arm.B158, experiment.seeds()
                    .getFirst())));
        }
        for (Arm arm : experiment.arms()) {
            steps.addAll(new SmallSteps(experiment).steps(new Subject(set, largest, arm, experiment.seeds()
                    .getFirst())));
        }
        experiment.geometries().ifPresent(wanted -> steps.addAll(new GeometrySteps(experiment, wanted).steps()));
        // Kinds follow one another, so that each is done for all models before the next begins: an interrupted comparison
        // has something to compare.
        steps.sort(Comparator.comparing(Step::kind));
        return new Plan(steps);
    }

    private static List<Subject> subjects(Experiment experiment) {
        List<Subject> subjects = new ArrayList<>();
        for (ArmSet set : experiment.sets()) {
            for (Size size : experiment.sizes()) {
                List<Long> seeds = size.equals(experiment.seeded()) && set == experiment.sets().getFirst()
                        ? experiment.seeds()
                        : experiment.seeds().subList(0, 1);
                for (long seed : seeds) {
                    experiment.arms().forEach(arm -> subjects.add(new Subject(set, size, arm, seed)));
                }
            }
        }
        return subjects;
    }

    /// The steps of that kind, or the one of that name; empty if there are none.
    public List<Step> only(String name) {
        Optional<Kind> kind = Kind.all().stream().filter(one -> one.word().equals(name)).findFirst();
        return steps.stream().filter(step -> kind.isPresent() ? step.kind() == kind.get() : step.id().equals(name))
                .toList();
    }
}
