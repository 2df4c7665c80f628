package org.ternlm.train;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.command.ExitCode;
import org.ternlm.command.Interruption;
import org.ternlm.train.config.TrainConfig;
import org.ternlm.train.distributed.JvmCommand;
import org.ternlm.train.distributed.LauncherWatch;
import org.ternlm.train.distributed.LocalWorkers;
import org.ternlm.train.distributed.LostWorkerException;
import org.ternlm.train.distributed.Membership;
import org.ternlm.train.run.DivergedException;
import org.ternlm.train.run.LearningRateSweep;
import org.ternlm.train.run.OutputFailure;
import org.ternlm.train.run.SpeedEstimate;
import org.ternlm.train.run.TrainingRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tern train`.
@Command(customSynopsis = "tern train CONFIG [OPTIONS]", footer = {
        "  tern train configs/tiny-b158.yaml             a ternary model on the works of Shakespeare, in minutes",
        "  tern train configs/tiny-b158.yaml --resume    goes on from the newest checkpoint",
        "  tern train configs/tiny-b158.yaml --sweep-lr  tries learning rates, and says which is best",
        "  tern run -m runs/tiny-b158/packed \"My lord,\"  speaks with what came out"})
public final class TrainCommand implements Callable<Integer> {
    /// A step under way is finished and saved before the program ends.
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Console console;

    @Parameters(paramLabel = "CONFIG", description = "What to train, as YAML.")
    private Path config = Path.of("");

    @Option(names = "--resume", description = "Goes on from the newest checkpoint of the run.")
    private boolean resume;

    @Option(names = "--sweep-lr", description = "Finds the learning rate by short runs, instead of training.")
    private boolean sweep;

    @Option(names = "--sweep-steps", paramLabel = "N", description = "Steps of each of these runs; a tenth by default.")
    private long sweepSteps;

    @Option(names = "--estimate", description = "Measures how fast this machine trains, and says how long it takes.")
    private boolean estimate;

    @Option(names = "--nproc", paramLabel = "N", description = "Trains with N processes on this machine.")
    private int processes = 1;

    @Spec
    private @Nullable CommandSpec spec;

    /// A training that reports to `console`.
    public TrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (processes != 1) {
            return startWorkers();
        }
        TrainConfig read = TrainConfig.read(config);
        if (estimate) {
            new SpeedEstimate(read, console).run();
            return ExitCode.OK;
        }
        Membership membership = Membership.fromEnvironment(System.getenv());
        LauncherWatch.begin(System.getenv());
        AtomicBoolean stop = new AtomicBoolean();
        try (Interruption interruption = Interruption.watch(() -> stop.set(true), PATIENCE)) {
            boolean done = sweep
                    ? new LearningRateSweep(read, stepsOfSweep(read), console).run(stop::get)
                    : train(read, membership, stop);
            return done ? ExitCode.OK : ExitCode.INTERRUPTED;
        } catch (LostWorkerException e) {
            throw new CommandException(String.valueOf(e.getMessage()), null, e);
        } catch (DivergedException e) {
            throw new CommandException(String.valueOf(e.getMessage()),
                    "a smaller recipe.rate helps; --resume goes on from the last checkpoint", e);
        } catch (IOException e) {
            throw OutputFailure.of(read.output().folder(), e);
        }
    }

    private boolean train(TrainConfig read, Membership membership, AtomicBoolean stop) throws IOException {
        try (TrainingRun run = TrainingRun.prepare(read, membership, resume, console)) {
            return run.train(stop::get);
        }
    }

    private long stepsOfSweep(TrainConfig read) {
        return sweepSteps > 0 ? sweepSteps : Math.max(20, read.recipe().steps() / 10);
    }

    private int startWorkers() throws IOException {
        if (sweep || estimate) {
            throw new CommandException("--nproc goes with training alone, not with --sweep-lr or --estimate");
        }
        if (processes < 1) {
            throw new CommandException("--nproc: expected 1 or more, found " + processes);
        }
        List<String> arguments = Objects.requireNonNull(spec).root().commandLine().getParseResult().originalArgs();
        try {
            return LocalWorkers.run(JvmCommand.ofThisProgram(arguments).without("--nproc"), processes, System.getenv(),
                    LocalWorkers.Patience.usual(), console.error());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        }
    }
}
