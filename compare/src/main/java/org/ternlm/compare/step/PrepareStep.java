package org.ternlm.compare.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.ternlm.compare.config.Arm;
import org.ternlm.compare.config.Experiment;
import org.ternlm.compare.config.Size;
import org.ternlm.compare.config.Style;
import org.ternlm.compare.config.Texts;

/// Splits the texts, and lets `tern train` learn the tokenizer and count tokens, by one step of the smallest model.
///
/// @param experiment that is prepared
record PrepareStep(Experiment experiment) {
    static final String ID = Kind.PREPARE.word();
    private static final Size LEAST = new Size("least", 16, 16, 1, 1, 1);

    /// The folder of the tokenizer that all models have.
    static Path tokenizer(Experiment experiment) {
        return experiment.tokenizer().orElse(experiment.folder().resolve("tokenizer"));
    }

    Step step() {
        Texts texts = experiment.texts();
        List<Path> names = Stream.concat(texts.sources().stream(), texts.validation().stream()).map(path -> path
                .getFileName()).toList();
        String decides = "%s %s %s %s %d %d %d %s".formatted(names, texts.repeats(), texts.separator(), texts.share(),
                texts.first(), texts.documents(),
                experiment.vocabulary(), experiment.tokenizer().map(Path::getFileName).orElse(null));
        return Step.of(Kind.PREPARE, ID, Map.of(), List.of(), decides, this::run);
    }

    private ObjectNode run(Desk desk) throws IOException {
        ObjectNode values = new DocumentSplit(experiment).write();
        TrainingFile files = new TrainingFile(experiment);
        Path run = files.folder(ID);
        // What an interrupted run has left may come from other texts.
        Folders.delete(run);
        if (experiment.tokenizer().isEmpty()) {
            Folders.delete(tokenizer(experiment));
        }
        Path file = files.write(new TrainingFile.Run(ID, Arm.LLAMA, LEAST, new Style("relu2", false, true), 1, 1,
                OptionalDouble.of(1e-4)));
        desk.tern(List.of("train", file.toString()));
        if (experiment.tokenizer().isEmpty()) {
            Folders.copy(run.resolve("tokenizer"), tokenizer(experiment));
        }
        JsonNode corpus = new JsonMapper().readTree(run.resolve("corpus/corpus.json").toFile());
        values.put("corpus", corpus.path("fingerprint").asText());
        long tokens = corpus.path("splits").path("training").path("tokens").asLong();
        if (tokens == 0) {
            throw new StepFailedException(run.resolve("corpus/corpus.json") + ": no splits.training.tokens");
        }
        values.put("training_tokens", tokens);
        values.put("training_documents", corpus.path("splits").path("training").path("documents").asLong());
        double epochs = epochs(corpus, tokens);
        values.put("most_epochs", epochs);
        if (epochs > Texts.MOST_EPOCHS + 0.005) {
            throw new StepFailedException(String.format(Locale.ROOT,
                    "recipe.tokens: %,d tokens would show some text %.2f times, expected at most %d (the texts have %,d)",
                    experiment.recipe().tokens(), epochs, Texts.MOST_EPOCHS, tokens));
        }
        Folders.delete(run);
        return values;
    }

    /// How often the source that is seen most often is seen. Shares of tokens are taken to be those of bytes.
    private double epochs(JsonNode corpus, long tokens) {
        double bytes = 0;
        double repeated = 0;
        long most = 1;
        for (JsonNode source : corpus.path("identity").path("training")) {
            long repeats = Math.max(1, source.path("repeats").asLong(1));
            double own = source.path("files").properties().stream().mapToDouble(entry -> entry.getValue().path("bytes")
                    .asDouble()).sum();
            bytes += own;
            repeated += own * repeats;
            most = Math.max(most, repeats);
        }
        double inOneRound = bytes == 0 ? tokens : tokens * repeated / bytes;
        return most * experiment.recipe().tokens() / inOneRound;
    }
}
