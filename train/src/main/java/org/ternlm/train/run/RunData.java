package org.ternlm.train.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.format.AtomicFile;
import org.ternlm.model.ModelConfig;
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
import org.ternlm.train.distributed.Membership;

/// What a training reads: tokenizer, corpus, batches, and the model whose vocabulary follows from them. Made once in the
/// run's folder, and found there again.
///
/// @param tokenizer the folder of the tokenizer
/// @param model the architecture
/// @param fingerprint of the tokens
/// @param training batches without end
/// @param validation each once
/// @param release gives back what lies behind the batches
record RunData(Path tokenizer, ModelConfig model, String fingerprint, Batches training, Batches validation,
        Runnable release) implements AutoCloseable {
    private static final int VALIDATION_ROWS = 16;
    private static final String FINGERPRINT = "corpus.fingerprint";

    /// Once the run has a checkpoint, tokenizer and corpus must be those that it began with.
    ///
    /// @param membership whose part of each batch
    /// @throws CommandException if there is no text, or other text than before
    static RunData prepare(TrainConfig config, Membership membership, Console console) throws IOException {
        Path folder = config.output().folder();
        Files.createDirectories(folder);
        // Workers that share a disk wait here for the first of them, and then find all that they need.
        try (FileChannel file = FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE); FileLock lock = file.lock()) {
            return prepareAlone(config, membership, console);
        }
    }

    private static RunData prepareAlone(TrainConfig config, Membership membership, Console console) throws IOException {
        Path folder = config.output().folder();
        Path tokenizer = tokenizer(config, console);
        Tokenizer loaded = Tokenizer.load(tokenizer);
        ModelConfig model = config.model().withVocabulary(loaded.vocabularySize(), loaded.bosId().orElse(-1),
                loaded.eosId().orElse(-1));
        Corpus corpus = corpus(plan(config, tokenizer), folder, console);
        try {
            Recipe recipe = config.recipe();
            CorpusBatches training = CorpusBatches.training(corpus.training(),
                    BatchPlan.of(recipe.length(), recipe.batch(), recipe.seed()).forWorker(membership.rank(),
                            membership.worldSize()),
                    config.data().packing());
            training.batches().repetitionWarning(recipe.steps())
                    .ifPresent(warning -> console.error().println("note: " + warning));
            Batches validation = CorpusBatches.validation(
                    corpus.validation().orElseThrow(() -> new CommandException("there is no validation text")),
                    VALIDATION_ROWS, Math.min(recipe.length(), model.contextLength() - 1), config.data().packing());
            return new RunData(tokenizer, model, corpus.fingerprint(), training, validation, corpus::close);
        } catch (RuntimeException e) {
            corpus.close();
            throw e;
        }
    }

    private static CorpusPlan plan(TrainConfig config, Path tokenizer) {
        CorpusPlan plan = CorpusPlan.of(tokenizer, config.data().sources());
        return config.data().validation().isEmpty()
                ? plan.withValidationShare(config.data().validationShare())
                : plan.withValidation(config.data().validation());
    }

    private static Path tokenizer(TrainConfig config, Console console) throws IOException {
        if (!config.tokenizer().folder().isEmpty()) {
            return Path.of(config.tokenizer().folder());
        }
        Path folder = config.output().folder().resolve("tokenizer");
        if (!isLearnt(folder, config)) {
            console.error()
                    .println("learning a vocabulary of %,d tokens".formatted(config.tokenizer().vocabularySize()));
            console.error().flush();
            learn(config, folder);
            if (!hasBegun(config.output().folder())) {
                Files.deleteIfExists(config.output().folder().resolve(FINGERPRINT));
            }
        }
        return folder;
    }

    private static boolean isLearnt(Path folder, TrainConfig config) throws IOException {
        if (!Files.exists(folder.resolve("tokenizer.json"))) {
            return false;
        }
        int found = Tokenizer.load(folder).vocabularySize();
        int wanted = config.tokenizer().vocabularySize();
        if (found != wanted && hasBegun(config.output().folder())) {
            throw new CommandException("changed tokenizer.vocabulary: expected %,d, found %,d".formatted(found, wanted),
                    "bring it back, or start a new run in another output.folder");
        }
        return found == wanted;
    }

    private static void learn(TrainConfig config, Path folder) throws IOException {
        double share = config.data().validation().isEmpty() ? config.data().validationShare() : 0;
        List<TextSource> sources = config.data().sources();
        try (Documents documents = CorpusPlan.trainingDocuments(sources, share)) {
            if (!documents.hasNext()) {
                throw new CommandException("empty corpus: no text for training in "
                        + sources.stream().map(source -> source.path().toString()).collect(Collectors.joining(", ")));
            }
            TokenizerTrainer.train(TokenizerPlan.ofSize(config.tokenizer().vocabularySize()), documents).write(folder);
        } catch (VocabularySizeException e) {
            throw new CommandException("tokenizer.vocabulary: " + e.getMessage(), null, e);
        }
    }

    private static boolean hasBegun(Path folder) throws IOException {
        return Checkpoint.latest(folder.resolve("checkpoints")).isPresent();
    }

    private static Corpus corpus(CorpusPlan plan, Path folder, Console console) throws IOException {
        Path file = folder.resolve(FINGERPRINT);
        Path shards = folder.resolve("corpus");
        String before = Files.exists(file) ? Files.readString(file) : "";
        Corpus corpus = !before.isEmpty() && hasBegun(folder)
                ? Corpus.resume(plan, shards, console, before)
                : Corpus.prepare(plan, shards, console);
        if (!before.isEmpty() && !before.equals(corpus.fingerprint())
                && plan.tokenizer().equals(folder.resolve("tokenizer"))) {
            console.error().println(
                    "note: the text, or how it is cut, has changed since a vocabulary was learnt; without the folder "
                            + plan.tokenizer() + " it is learnt again");
        }
        if (!before.equals(corpus.fingerprint())) {
            AtomicFile.write(file, aside -> Files.writeString(aside, corpus.fingerprint()));
        }
        return corpus;
    }

    @Override
    public void close() {
        release.run();
    }
}
