package org.ternlm.compare.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.compare.config.Experiment;
import org.ternlm.format.AtomicFile;

/// Does the steps of a comparison that are not done, one after the other, and keeps the result of each.
///
/// @param experiment they belong to
/// @param results so far, added to
/// @param program that does the work
/// @param commit the state of the program
/// @param console for progress
public record Runner(Experiment experiment, Results results, Program program, String commit, Console console) {

    /// Notes what is compared and where.
    ///
    /// @param all steps of the comparison
    public void begin(List<Step> all) throws IOException {
        keep("experiment", Description.of(experiment, all));
        keep("machine", Provenance.machine());
    }

    private void keep(String id, ObjectNode values) throws IOException {
        results.save(new Result(id, Kind.PREPARE, Map.of(), "", commit, now(), 0, List.of(), Optional.empty(), values));
    }

    /// Does all of `steps` that are not done. A step that fails, of those that a comparison can do without, is noted and
    /// tried again the next time.
    ///
    /// @param steps to do
    /// @param all steps of the comparison, for how long is left
    /// @return how many failed or could not be done
    /// @throws CommandException if a step fails without which nothing can go on, or a result is of another configuration
    /// @throws StoppedException if the user asked to stop
    public int run(List<Step> steps, List<Step> all) throws IOException {
        checkResults(steps);
        PrintStream out = console.error();
        int missing = 0;
        for (Step step : steps) {
            if (results.has(step)) {
                continue;
            }
            String label = "[%d/%d] %s".formatted(all.indexOf(step) + 1, all.size(), step.title());
            Optional<String> absent = step.needs().stream().filter(id -> results.done(id).isEmpty()).findFirst();
            if (absent.isPresent()) {
                out.println("%s: not done, it needs %s".formatted(label, absent.get()));
                missing++;
                continue;
            }
            Result result = run(step, label);
            results.save(result);
            String left = Estimate.time(new Estimate(results).seconds(all));
            out.println("%s: %s%s; about %s left".formatted(label, result.failure().map(why -> "FAILED, " + why
                    + ", after ").orElse(""), Estimate.time(result.seconds()), left));
            out.flush();
            if (result.failure().isPresent()) {
                missing++;
                endIfNeeded(step, result.failure().get());
            }
        }
        return missing;
    }

    private static void endIfNeeded(Step step, String why) {
        // A run whose loss left all bounds is a result of its own.
        if (step.kind().isEssential() && !StepFailedException.isDivergence(why)) {
            throw new CommandException("%s: %s".formatted(step.id(), why),
                    "the same command goes on from here once that is put right");
        }
    }

    /// @throws CommandException if a result was made by a step of the same name that meant something else
    private void checkResults(List<Step> steps) {
        for (Step step : steps) {
            Optional<Result> old = results.done(step.id());
            if (old.isPresent() && !old.get().decides().equals(step.checksum())) {
                throw new CommandException("%s/%s is the result of another configuration".formatted(experiment.folder(),
                        Results.fileName(step.id())), "another name, or delete that file and what depends on it");
            }
        }
    }

    private Result run(Step step, String label) throws IOException {
        RunFolder folder = new RunFolder(new TrainingFile(experiment).folder(step.id()));
        if (step.steps() > 0) {
            forgetOther(step, folder.path());
        }
        String began = now();
        long start = System.nanoTime();
        try (StepLine line = new StepLine(console, label, step.kind() == Kind.SWEEP ? 0 : step.steps())) {
            line.show(0);
            Desk desk = new Desk(experiment, results, program, step.id(), () -> line.show(folder.lastStep()));
            Optional<String> failure = Optional.empty();
            ObjectNode values = Measuring.values();
            try {
                values = step.work().run(desk);
            } catch (StepFailedException e) {
                failure = Optional.of(String.valueOf(e.getMessage()));
            }
            return new Result(step.id(), step.kind(), step.about(), step.checksum(), commit, began, (System.nanoTime()
                    - start) / 1e9, desk.commands(), failure, values);
        }
    }

    /// Removes what a run of the same name left that meant something else: other shapes, texts or rates. It would be gone on
    /// with.
    private void forgetOther(Step step, Path folder) throws IOException {
        StringBuilder meaning = new StringBuilder(step.checksum());
        step.needs().forEach(id -> meaning.append(' ').append(results.find(id).map(Result::began).orElse("")));
        Path mark = folder.resolveSibling(step.id() + ".begun");
        if (!Files.exists(mark) || !Files.readString(mark).contentEquals(meaning)) {
            Folders.delete(folder);
            DivergedRates.of(folder).forget();
            Files.createDirectories(folder.resolveSibling(""));
            AtomicFile.write(mark, aside -> Files.writeString(aside, meaning));
        }
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
