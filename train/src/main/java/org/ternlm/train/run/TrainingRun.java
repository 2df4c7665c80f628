package org.ternlm.train.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.model.PackedExport;
import org.ternlm.train.config.TrainConfig;

/// A training from its configuration to the packed model: tokenizer, corpus, steps, export, and the check that the
/// runtime agrees.
///
/// ```
/// runs/NAME/  run.json  tokenizer/  corpus/  log.jsonl  checkpoints/step-…/  packed/
/// ```
public final class TrainingRun implements AutoCloseable {
    /// How far libtorch's validation loss and the runtime's may be apart, in nats.
    private static final double AGREEMENT = 0.0005;

    private final TrainConfig config;
    private final Console console;
    private final RunData data;
    private final Trainer trainer;

    private TrainingRun(TrainConfig config, Console console, RunData data, Trainer trainer) {
        this.config = config;
        this.console = console;
        this.data = data;
        this.trainer = trainer;
    }

    /// Makes tokenizer and corpus, or finds them, and sets up the model.
    ///
    /// @throws CommandException if the run's folder holds another run's checkpoints and `resume` is not asked for, or if the
    /// configuration is not that with which the run began
    public static TrainingRun prepare(TrainConfig config, boolean resume, Console console) throws IOException {
        Path folder = config.output().folder();
        if (!resume && Checkpoint.latest(folder.resolve("checkpoints")).isPresent()) {
            throw new CommandException("%s holds checkpoints already".formatted(folder),
                    "--resume goes on from the newest; another output.folder starts anew");
        }
        RunIdentity.of(config).keep(folder, console);
        RunData data = RunData.prepare(config, console);
        try {
            RunReport report = new RunReport(config, console);
            Trainer trainer = new Trainer(config, data, resume, report);
            report.begin(trainer.parameterCount(), trainer.step());
            return new TrainingRun(config, console, data, trainer);
        } catch (RuntimeException | IOException e) {
            data.close();
            throw e;
        }
    }

    /// Trains until the end or until `stop`; then packs the model and compares losses.
    ///
    /// @return whether all steps are done
    /// @throws IllegalStateException if the runtime disagrees with libtorch
    public boolean train(BooleanSupplier stop) throws IOException {
        if (!trainer.run(stop)) {
            console.error().println("stopped and saved at step %,d; --resume goes on".formatted(trainer.step()));
            console.error().flush();
            return false;
        }
        Path last = Checkpoint.latest(config.output().folder().resolve("checkpoints")).orElseThrow().folder();
        double expected = trainer.validator().loss();
        compare(expected, last);
        if (data.model().linearKind().isTernary()) {
            Path packed = config.output().folder().resolve("packed");
            PackedExport.write(last, packed);
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
        data.close();
    }
}
