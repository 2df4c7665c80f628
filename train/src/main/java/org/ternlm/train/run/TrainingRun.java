package org.ternlm.train.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.convert.Conversion;
import org.ternlm.train.config.TrainConfig;
import org.ternlm.train.distributed.Membership;
import org.ternlm.train.distributed.WorkerGroup;

/// A training from its configuration to the packed model: tokenizer, corpus, steps, export, and the check that the
/// runtime agrees.
///
/// ```
/// runs/NAME/  run.json  tokenizer/  corpus/  log.jsonl  samples.jsonl  curves/  checkpoints/step-…/
///             master/  packed/    the ternary or ±1 model          dense/    the full-precision one
/// ```
public final class TrainingRun implements AutoCloseable {
    /// How far libtorch's validation loss and the runtime's may be apart, in nats.
    private static final double AGREEMENT = 0.0005;

    /// Other machines may take a while to prepare their data.
    private static final Duration JOINING = Duration.ofMinutes(30);
    /// The others wait so long while the first validates and saves.
    private static final Duration OPERATION = Duration.ofMinutes(10);

    private final TrainConfig config;
    private final Console console;
    private final RunData data;
    private final WorkerGroup group;
    private final Trainer trainer;

    private TrainingRun(TrainConfig config, Console console, RunData data, WorkerGroup group, Trainer trainer) {
        this.config = config;
        this.console = console;
        this.data = data;
        this.group = group;
        this.trainer = trainer;
    }

    /// A run of this process alone.
    public static TrainingRun prepare(TrainConfig config, boolean resume, Console console) throws IOException {
        return prepare(config, Membership.alone(), resume, console);
    }

    /// Makes tokenizer and corpus, or finds them, waits for the other workers, and sets up the model.
    ///
    /// @throws CommandException if the run's folder holds another run's checkpoints and `resume` is not asked for, or if the
    /// configuration is not that with which the run began
    public static TrainingRun prepare(TrainConfig config, Membership membership, boolean resume, Console console)
            throws IOException {
        Path folder = config.output().folder();
        if (!resume && Checkpoint.latest(folder.resolve("checkpoints")).isPresent()) {
            throw new CommandException("%s holds checkpoints already".formatted(folder),
                    "--resume goes on from the newest; another output.folder starts anew");
        }
        if (config.recipe().batch() < membership.worldSize()) {
            throw new CommandException("recipe.batch: expected at least a sequence for each of %d workers, found %d"
                    .formatted(membership.worldSize(), config.recipe().batch()));
        }
        if (membership.rank() == 0) {
            RunIdentity.of(config).keep(folder, console);
        }
        RunData data = RunData.prepare(config, membership, console);
        @Nullable
        WorkerGroup group = null;
        try {
            group = WorkerGroup.join(membership.withTimeouts(JOINING, OPERATION), fingerprint(config, data));
            RunReport report = new RunReport(config, console);
            Trainer trainer = new Trainer(config, data, group, resume, report);
            if (group.isFirst()) {
                report.begin(trainer.parameterCount(), trainer.step());
            }
            return new TrainingRun(config, console, data, group, trainer);
        } catch (RuntimeException | IOException e) {
            data.close();
            if (group != null) {
                group.close();
            }
            throw e;
        }
    }

    /// Of all that workers must agree on.
    private static long fingerprint(TrainConfig config, RunData data) {
        return (config.recipe() + "\n" + data.model() + "\n" + data.fingerprint()).hashCode();
    }

    /// Trains until the end or until `stop`; then packs the model and compares losses.
    ///
    /// @return whether all steps are done
    /// @throws IllegalStateException if the runtime disagrees with libtorch
    public boolean train(BooleanSupplier stop) throws IOException {
        boolean done = trainer.run(stop);
        if (!group.isFirst()) {
            return done;
        }
        if (!done) {
            console.error().println("stopped and saved at step %,d; --resume goes on".formatted(trainer.step()));
            console.error().flush();
            return false;
        }
        Path folder = config.output().folder();
        Checkpoint last = Checkpoint.latest(folder.resolve("checkpoints")).orElseThrow();
        double expected = trainer.validator().loss();
        boolean ternary = data.model().linearKind().isTernary();
        Path model = folder.resolve(ternary ? "master" : "dense");
        last.exportTo(model);
        compare(expected, model);
        if (ternary) {
            Path packed = folder.resolve("packed");
            Conversion.pack(model, packed);
            compare(expected, packed);
        }
        return true;
    }

    private void compare(double expected, Path folder) {
        double found = trainer.validator().runtimeLoss(folder);
        String line = String.format(Locale.ROOT, "%s: validation loss %.5f by the runtime, %.5f by libtorch", folder,
                found, expected);
        if (Math.abs(found - expected) > AGREEMENT) {
            throw new IllegalStateException(line + ": farther apart than " + AGREEMENT);
        }
        console.error().println(line);
    }

    @Override
    public void close() {
        trainer.close();
        group.close();
        data.close();
    }
}
