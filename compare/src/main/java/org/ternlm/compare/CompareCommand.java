package org.ternlm.compare;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.command.ExitCode;
import org.ternlm.command.Interruption;
import org.ternlm.compare.config.Experiment;
import org.ternlm.compare.report.Report;
import org.ternlm.compare.shipped.ShippedOptions;
import org.ternlm.compare.step.Estimate;
import org.ternlm.compare.step.Kind;
import org.ternlm.compare.step.LaunchedProgram;
import org.ternlm.compare.step.Plan;
import org.ternlm.compare.step.Program;
import org.ternlm.compare.step.Provenance;
import org.ternlm.compare.step.Results;
import org.ternlm.compare.step.Runner;
import org.ternlm.compare.step.Step;
import org.ternlm.compare.step.StoppedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tern compare`.
@Command(customSynopsis = {"tern compare CONFIG [OPTIONS]", "tern compare --shipped [OPTIONS]"}, footer = {
        "  tern compare --shipped                                 the three models that tern brings along, in a minute",
        "  tern compare configs/compare-tiny.yaml                 all of it; again, it goes on",
        "  tern compare configs/compare-tiny.yaml --estimate      how long it will take",
        "  tern compare configs/compare-tiny.yaml --only loss     the steps of one kind",
        "  tern compare configs/compare-tiny.yaml --report-only   the report of what is there"})
public final class CompareCommand implements Callable<Integer> {
    /// A training under way saves first.
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Console console;

    @Parameters(paramLabel = "CONFIG", arity = "0..1", description = "What to compare, as YAML.")
    private @Nullable Path config;

    @Mixin
    private ShippedOptions shipped = new ShippedOptions();

    @Option(names = "--only", paramLabel = "STEP", description = "Does the steps of one kind, or one step by its name, and no others.")
    private @Nullable String only;

    @Option(names = "--estimate", description = "Measures how fast this machine trains, and says how long all will take.")
    private boolean estimate;

    @Option(names = "--report-only", description = "Writes the report of what is there, and does no step.")
    private boolean reportOnly;

    @Option(names = "--resume", description = "Changes nothing: finished steps are always kept.")
    @SuppressWarnings("UnusedVariable") // For whoever knows it from tern train.
    private boolean resume;

    /// A comparison that reports to `console`.
    public CompareCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (shipped.areAskedFor()) {
            if (config != null || only != null || estimate || reportOnly) {
                throw new CommandException("--shipped takes no configuration and none of its options");
            }
            shipped.run(home(), console);
            return ExitCode.OK;
        }
        if (config == null) {
            throw new CommandException("nothing to compare",
                    "name a configuration, such as configs/compare-tiny.yaml, or --shipped");
        }
        return compare(config);
    }

    private Integer compare(Path config) throws IOException {
        Experiment experiment = Experiment.read(config);
        Plan plan = Plan.of(experiment);
        List<Step> steps = chosen(plan);
        if (reportOnly) {
            return report(experiment, Results.in(experiment.folder().resolve("results")));
        }
        Files.createDirectories(experiment.folder());
        AtomicBoolean stop = new AtomicBoolean();
        try (FileChannel channel = FileChannel.open(experiment.folder().resolve("compare.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
                FileLock lock = lock(channel, experiment.folder());
                Interruption interruption = Interruption.watch(() -> stop.set(true), PATIENCE)) {
            Results results = Results.in(experiment.folder().resolve("results"));
            Runner runner = new Runner(experiment, results, program(stop), Provenance.commit(home()), console);
            try {
                return run(experiment, plan, steps, results, runner);
            } catch (StoppedException e) {
                console.error().println("stopped; the same command goes on");
                console.error().flush();
                return ExitCode.INTERRUPTED;
            }
        }
    }

    private int run(Experiment experiment, Plan plan, List<Step> steps, Results results, Runner runner)
            throws IOException {
        List<Step> first = steps.stream().filter(step -> step.kind().compareTo(Kind.SPEED) <= 0).toList();
        runner.begin(plan.steps());
        int missing = only == null ? runner.run(first, steps) : 0;
        if (estimate) {
            new Estimate(results).lines(steps).forEach(console.out()::println);
            console.out().flush();
            return missing == 0 ? ExitCode.OK : ExitCode.FAILED;
        }
        if (!steps.stream().allMatch(results::has)) {
            new Estimate(results).lines(steps).forEach(console.error()::println);
        }
        missing = runner.run(steps, steps);
        int written = report(experiment, results);
        return missing == 0 ? written : ExitCode.FAILED;
    }

    private List<Step> chosen(Plan plan) {
        if (only == null) {
            return plan.steps();
        }
        List<Step> steps = plan.only(only);
        if (steps.isEmpty()) {
            throw new CommandException("no step is called " + only, "kinds are " + String.join(", ", Kind.all().stream()
                    .map(Kind::word).toList()));
        }
        return steps;
    }

    private static FileLock lock(FileChannel channel, Path folder) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
        } catch (OverlappingFileLockException held) {
            // By this very program: the same as by another.
        }
        throw new CommandException("%s: another comparison is at work there".formatted(folder));
    }

    private int report(Experiment experiment, Results results) throws IOException {
        for (Path file : new Report(experiment.folder(), results).write()) {
            console.out().println(file);
        }
        console.out().flush();
        return ExitCode.OK;
    }

    private static Path home() {
        return Path.of(System.getProperty("tern.home", ""));
    }

    private static Program program(AtomicBoolean stop) {
        List<String> launcher = new ArrayList<>();
        String given = System.getProperty("tern.launcher", "");
        launcher.add(given.isEmpty() ? home().resolve("tern").toAbsolutePath().toString() : given);
        return new LaunchedProgram(launcher, stop::get);
    }
}
