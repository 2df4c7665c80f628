package org.ternlm.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.model.ModelConfig;
import org.ternlm.model.PackedExport;
import org.ternlm.tokenizer.Tokenizer;
import org.ternlm.tokenizer.TokenizerPlan;
import org.ternlm.tokenizer.TokenizerTrainer;
import org.ternlm.tokenizer.VocabularySizeException;
import org.ternlm.train.config.Recipe;
import org.ternlm.train.config.TrainConfig;
import org.ternlm.train.data.BatchPlan;
import org.ternlm.train.data.Corpus;
import org.ternlm.train.data.CorpusPlan;
import org.ternlm.train.data.Documents;
import org.ternlm.train.data.TextSource;

/// A training from its configuration to the packed model: tokenizer, corpus, steps, export, and the check that the
/// runtime agrees.
///
/// ```
/// runs/NAME/  tokenizer/  corpus/  log.jsonl  checkpoints/step-…/  packed/
/// ```
public final class TrainingRun implements AutoCloseable {
    /// How far libtorch's validation loss and the runtime's may be apart, in nats.
    private static final double AGREEMENT = 0.0005;
    private static final int VALIDATION_ROWS = 16;

    private final TrainConfig config;
    private final Console console;
    private final Corpus corpus;
    private final ModelConfig model;
    private final Trainer trainer;

    private TrainingRun(TrainConfig config, Console console, Corpus corpus, ModelConfig model, Trainer trainer) {
        this.config = config;
        this.console = console;
        this.corpus = corpus;
        this.model = model;
        this.trainer = trainer;
    }

    /// Makes tokenizer and corpus, or finds them, and sets up the model.
    ///
    /// @throws CommandException if the run's folder holds another run's checkpoints and `resume` is not asked for
    public static TrainingRun prepare(TrainConfig config, boolean resume, Console console) throws IOException {
        Path folder = config.output().folder();
        Files.createDirectories(folder);
        if (!resume && Checkpoint.latest(folder.resolve("checkpoints")).isPresent()) {
            throw new CommandException("%s holds checkpoints already".formatted(folder),
                    "--resume goes on from the newest; another output.folder starts anew");
        }
        List<TextSource> sources = sources(config, config.data().sources());
        Path tokenizer = tokenizer(config, sources, console);
        CorpusPlan plan = CorpusPlan.of(tokenizer, sources);
        plan = config.data().validation().isEmpty()
                ? plan.withValidationShare(config.data().validationShare())
                : plan.withValidation(sources(config, config.data().validation()));
        Corpus corpus = corpus(plan, folder, resume, console);
        Tokenizer loaded = Tokenizer.load(tokenizer);
        ModelConfig model = config.modelConfig(loaded.vocabularySize(), loaded.bosId().orElse(-1),
                loaded.eosId().orElse(-1));
        Recipe recipe = config.recipe();
        CorpusBatches training = CorpusBatches.training(corpus.training(),
                BatchPlan.of(recipe.length(), recipe.batch(), recipe.seed()));
        training.batches().repetitionWarning(recipe.steps()).ifPresent(warning -> console.error().println("note: "
                + warning));
        CorpusBatches validation = CorpusBatches.validation(
                corpus.validation().orElseThrow(() -> new CommandException("there is no validation text")),
                VALIDATION_ROWS, Math.min(recipe.length(), model.contextLength() - 1));
        RunReport report = new RunReport(config, console, validation.batches().bytesPerTarget());
        Trainer trainer = new Trainer(config, model, tokenizer, training, validation, resume, report);
        report.begin(trainer.parameterCount(), trainer.step());
        return new TrainingRun(config, console, corpus, model, trainer);
    }

    private static List<TextSource> sources(TrainConfig config, List<Path> paths) {
        String separator = config.data().separator();
        return paths.stream().map(TextSource::of)
                .map(source -> separator.isEmpty() ? source : source.separatedBy(separator)).toList();
    }

    private static Path tokenizer(TrainConfig config, List<TextSource> sources, Console console) throws IOException {
        if (!config.tokenizer().folder().isEmpty()) {
            return Path.of(config.tokenizer().folder());
        }
        Path folder = config.output().folder().resolve("tokenizer");
        if (!Files.exists(folder.resolve("tokenizer.json"))) {
            console.error()
                    .println("learning a vocabulary of %,d tokens".formatted(config.tokenizer().vocabularySize()));
            console.error().flush();
            double share = config.data().validation().isEmpty() ? config.data().validationShare() : 0;
            try (Documents documents = CorpusPlan.trainingDocuments(sources, share)) {
                Files.createDirectories(folder);
                TokenizerTrainer.train(TokenizerPlan.ofSize(config.tokenizer().vocabularySize()), documents)
                        .write(folder);
            } catch (VocabularySizeException e) {
                throw new CommandException("tokenizer.vocabulary: " + e.getMessage(), null, e);
            }
        }
        return folder;
    }

    /// A run that goes on must find the corpus that it began with.
    private static Corpus corpus(CorpusPlan plan, Path folder, boolean resume, Console console) throws IOException {
        Path fingerprint = folder.resolve("corpus.fingerprint");
        Path shards = folder.resolve("corpus");
        Corpus corpus = resume && Files.exists(fingerprint)
                ? Corpus.resume(plan, shards, console, Files.readString(fingerprint))
                : Corpus.prepare(plan, shards, console);
        Files.writeString(fingerprint, corpus.fingerprint());
        return corpus;
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
        double expected = trainer.validationLoss();
        compare(expected, last);
        if (model.linearKind().isTernary()) {
            Path packed = config.output().folder().resolve("packed");
            PackedExport.write(last, packed);
            compare(expected, packed);
        }
        return true;
    }

    private void compare(double expected, Path folder) {
        double found = trainer.runtimeLoss(folder);
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
        corpus.close();
    }
}
