package org.ternlm.compare.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.ternlm.compare.config.Arm;
import org.ternlm.compare.config.ArmSet;
import org.ternlm.compare.config.Experiment;
import org.ternlm.compare.config.Recipe;
import org.ternlm.compare.config.Size;

/// The steps that train: how fast it goes, which rates are best, the models.
///
/// @param experiment they belong to
record TrainingSteps(Experiment experiment) {
    private static final Pattern STEP_TIME = Pattern.compile("a step: ([0-9,]+) ms");
    private static final double SWEEPS_FOUR_RATES = 4;

    /// How fast this machine trains the largest size.
    Step speed() {
        Size size = experiment.sizes().getLast();
        return Step.of(Kind.SPEED, Kind.SPEED.word(), Map.of(), List.of(PrepareStep.ID),
                size + " " + experiment.recipe()
                        .batch() + " " + experiment.recipe().length(),
                desk -> {
                    TrainingFile.Run run = new TrainingFile.Run(Kind.SPEED.word(), experiment.arms().getLast(), size,
                            experiment.style(experiment.sets().getFirst(), experiment.arms().getLast()), 1,
                            experiment.recipe().steps(), OptionalDouble.empty());
                    Program.Outcome outcome = desk
                            .tern(List.of("train", new TrainingFile(experiment).write(run).toString(),
                                    "--estimate"));
                    Matcher time = STEP_TIME.matcher(Files.readString(outcome.out()));
                    if (!time.find()) {
                        throw new StepFailedException(outcome.out() + ": expected the time of a step");
                    }
                    double seconds = Double.parseDouble(time.group(1).replace(",", "")) / 1000;
                    ObjectNode values = JsonNodeFactory.instance.objectNode();
                    values.put("seconds_per_step", seconds);
                    values.put("operations_per_second", operations(size, 1) / seconds);
                    return values;
                });
    }

    /// Finds the learning rate of an arm.
    Step sweep(ArmSet set, Arm arm, Size size) {
        Subject subject = new Subject(set, size, arm, experiment.seeds().getFirst());
        Recipe recipe = experiment.recipe();
        return new Step(Kind.SWEEP, subject.step(Kind.SWEEP), subject.about(), List.of(PrepareStep.ID),
                decides(subject) + " " + experiment.sweepSteps(), (long) SWEEPS_FOUR_RATES * experiment.sweepSteps(),
                SWEEPS_FOUR_RATES * operations(size, experiment.sweepSteps()), desk -> {
                    TrainingFile files = new TrainingFile(experiment);
                    Path file = files.write(run(subject, subject.step(Kind.SWEEP), recipe.steps(), OptionalDouble
                            .empty()));
                    desk.tern(List.of("train", file.toString(), "--sweep-lr", "--sweep-steps", Long.toString(experiment
                            .sweepSteps())));
                    Path folder = files.folder(subject.step(Kind.SWEEP));
                    JsonNode rates = new JsonMapper().readTree(folder.resolve("sweep/rates.json").toFile());
                    if (!rates.path("best_rate").isNumber()) {
                        throw new StepFailedException(folder.resolve("sweep/rates.json") + ": no best_rate");
                    }
                    Folders.delete(folder.resolve("corpus"));
                    ObjectNode values = JsonNodeFactory.instance.objectNode();
                    values.set("best_rate", rates.get("best_rate"));
                    values.set("rates", rates.path("rates"));
                    values.set("losses", rates.path("losses"));
                    values.put("steps", experiment.sweepSteps());
                    return values;
                });
    }

    /// Trains a model.
    Step train(Subject subject) {
        Size size = subject.size();
        List<String> needs = isSwept(subject.arm())
                ? List.of(PrepareStep.ID, swept(subject).step(Kind.SWEEP))
                : List.of(PrepareStep.ID);
        String id = subject.step(Kind.TRAIN);
        return new Step(Kind.TRAIN, id, subject.about(), needs, decides(subject), experiment.recipe().steps(),
                operations(size, experiment.recipe().steps()), desk -> trained(desk, subject, id));
    }

    /// A run that diverges begins again with half the rate: the same rule for each arm. What is left of rates that were too
    /// large stands in the result.
    private ObjectNode trained(Desk desk, Subject subject, String id) throws IOException {
        TrainingFile files = new TrainingFile(experiment);
        DivergedRates diverged = DivergedRates.of(files.folder(id));
        while (true) {
            double[] tried = diverged.all();
            double rate = rate(subject, desk) / (1 << tried.length);
            Path file = files.write(run(subject, id, experiment.recipe().steps(), OptionalDouble.of(rate)));
            try {
                ObjectNode values = trained(desk, file, new RunFolder(files.folder(id)), rate);
                DoubleStream.of(tried).forEach(values.putArray("diverged")::add);
                return values;
            } catch (StepFailedException e) {
                if (!e.isDivergence() || tried.length + 1 >= DivergedRates.MOST) {
                    throw e;
                }
                diverged.add(rate);
                Folders.delete(files.folder(id));
            }
        }
    }

    /// Lets `tern train` do what a configuration says, and gives what it left.
    static ObjectNode trained(Desk desk, Path file, RunFolder folder, double rate) throws IOException {
        desk.tern(List.of("train", file.toString(), "--resume"));
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        values.put("rate", rate);
        values.set("corpus", desk.needed(PrepareStep.ID).values().path("corpus"));
        folder.read(values);
        folder.tidy();
        return values;
    }

    private TrainingFile.Run run(Subject subject, String id, long steps, OptionalDouble rate) {
        return new TrainingFile.Run(id, subject.arm(), subject.size(), experiment.style(subject.set(), subject.arm()),
                subject.seed(), steps, rate);
    }

    /// The rate of a model: given, or swept; taken to its width from that where it was found.
    double rate(Subject subject, Desk desk) {
        Double given = experiment.recipe().rates().get(subject.arm());
        Size foundAt = experiment.sweptAt().orElse(given == null ? subject.size() : experiment.sizes().getFirst());
        double found = given == null
                ? desk.needed(swept(subject).step(Kind.SWEEP)).values().path("best_rate").asDouble()
                : given;
        return subject.arm().rateAt(subject.size().hidden(), found, foundAt.hidden());
    }

    /// Whether the rate of an arm has to be found.
    boolean isSwept(Arm arm) {
        return !experiment.recipe().rates().containsKey(arm);
    }

    private Subject swept(Subject subject) {
        return new Subject(subject.set(), experiment.sweptAt().orElse(subject.size()), subject.arm(), experiment.seeds()
                .getFirst());
    }

    /// All that decides what a trained model is, but for the texts, which the preparation has.
    String decides(Subject subject) {
        Recipe recipe = experiment.recipe();
        return "%s %s %s %d %d %d %d %s %s %s".formatted(subject.size(), subject.arm(), experiment.style(subject.set(),
                subject.arm()), subject.seed(), recipe.tokens(), recipe.batch(), recipe.length(), recipe.precision(),
                recipe
                        .schedule(),
                isSwept(subject.arm())
                        ? experiment.sweptAt().map(Size::name).orElse("each") + experiment.sweepSteps()
                        : recipe.rates().get(subject.arm()));
    }

    double operations(Size size, long steps) {
        return size.trainingOperations(Math.max(experiment.vocabulary(), 1), experiment.recipe().length()) * experiment
                .recipe().batch() * experiment.recipe().length() * steps;
    }
}
