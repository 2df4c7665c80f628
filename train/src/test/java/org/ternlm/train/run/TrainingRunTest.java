package org.ternlm.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.command.CommandException;
import org.ternlm.command.MemoryConsole;
import org.ternlm.format.ModelFormatException;
import org.ternlm.generate.Session;
import org.ternlm.generate.Tern;
import org.ternlm.train.config.TrainConfig;
import org.ternlm.train.data.TextSource;

/// `tern train` from a text file to a model that speaks.
class TrainingRunTest {
    @TempDir
    Path folder;

    private final MemoryConsole console = new MemoryConsole();

    private Path corpus() throws IOException {
        Random random = new Random(1);
        String[] words = {"the", "cat", "dog", "sat", "ran", "on", "a", "mat", "and", "then", "home", "went", "red"};
        StringBuilder text = new StringBuilder();
        for (int document = 0; document < 300; document++) {
            for (int word = 0; word < 60; word++) {
                text.append(words[random.nextInt(words.length)]).append(word % 9 == 8 ? ". " : " ");
            }
            text.append("\n\n");
        }
        Path file = folder.resolve("corpus.txt");
        Files.writeString(file, text);
        return file;
    }

    private Path config(String arm) throws IOException {
        corpus();
        Path file = folder.resolve("config.yaml");
        Files.writeString(file,
                """
                        name: tiny
                        model: {arm: %s, hidden: 32, feed_forward: 64, layers: 2, heads: 4, context: 32}
                        tokenizer: {vocabulary: 280}
                        data: {sources: corpus.txt, separator: "\\n\\n", validation_share: 0.05}
                        recipe: {steps: 12, batch: 4, length: 32, rate: 0.01, precision: fp32}
                        output: {folder: run, checkpoint_every: 5, validate_every: 6, validation_tokens: 600, samples: [the dog], sample_tokens: 5}
                        compute: {threads: 1}
                        """
                        .formatted(arm));
        return file;
    }

    private boolean train(Path config, boolean resume, long stopAfter) throws IOException {
        long[] asked = new long[1];
        try (TrainingRun run = TrainingRun.prepare(TrainConfig.read(config), resume, console)) {
            return run.train(() -> ++asked[0] == stopAfter);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"b158", "b1", "llama"})
    void leavesAModelThatTheRuntimeAgreesWith(String arm) throws IOException {
        assertThat(train(config(arm), false, -1)).isTrue();
        assertThat(console.errorText()).contains("validation loss", "by the runtime");
        String model = arm.equals("llama") ? "run/dense" : "run/packed";
        assertThat(folder.resolve("run/master")).matches(path -> Files.exists(path) != arm.equals("llama"));
        assertThat(folder.resolve("run/curves/loss.svg")).isNotEmptyFile();
        assertThat(folder.resolve("run/samples.jsonl")).content().contains("\"step\":5,\"beginning\":\"the dog\"")
                .contains("\"step\":12");
        try (Tern tern = Tern.open(folder.resolve(model)); Session session = tern.session()) {
            assertThat(session.generate(tern.request("the cat").withMaxTokens(5)).tokens()).isNotEmpty();
        }
    }

    @Test
    void aStoppedRunGoesOnAndGivesTheSameLosses() throws IOException {
        Path config = config("b158");
        train(config, false, -1);
        List<String> whole = RunLogs.withoutTimes(folder.resolve("run/log.jsonl"));
        Files.writeString(config, Files.readString(config).replace("folder: run", "folder: again"));
        assertThat(train(config, false, 7)).isFalse();
        assertThat(console.errorText()).contains("stopped and saved at step 7");
        assertThat(train(config, true, -1)).isTrue();
        assertThat(RunLogs.withoutTimes(folder.resolve("again/log.jsonl"))).isEqualTo(whole);
    }

    @Test
    void doesNotWriteOverAnotherRun() throws IOException {
        Path config = config("b158");
        train(config, false, 3);
        assertThatThrownBy(() -> train(config, false, -1)).isInstanceOf(CommandException.class)
                .hasMessageContaining("holds checkpoints already");
    }

    @Test
    void refusesToGoOnWithOtherData() throws IOException {
        Path config = config("b158");
        train(config, false, 3);
        Files.writeString(folder.resolve("corpus.txt"), "something else entirely\n\nand more\n\nof it");
        assertThatThrownBy(() -> train(config, true, -1)).isInstanceOf(CommandException.class)
                .hasMessageContaining("changed data");
    }

    @Test
    void goesOnFromAFolderWithAllItHadLearnt() throws IOException {
        Path config = config("b158");
        train(config, false, -1);
        double before = lastValidation("run");
        Path more = further(config, "b158", "rate: 1e-6");
        assertThat(train(more, false, -1)).isTrue();
        assertThat(lastValidation("more")).isCloseTo(before, within(0.01));
        assertThatThrownBy(() -> TrainConfig.read(further(config, "b1", "rate: 1e-6")))
                .hasMessageContaining("model.arm: expected b158");
        assertThatThrownBy(() -> train(further(config, "b158", "rate: 1e-6", "run/packed"), false, -1))
                .hasMessageContaining("expected master or dense weights, found packed ones");
    }

    @Test
    void turnsAFullPrecisionModelTernary() throws IOException {
        Path config = config("llama");
        train(config, false, -1);
        Path more = further(config, "b158", "rate: 0.003", "run/dense");
        assertThat(train(more, false, 3)).isFalse();
        assertThat(train(more, true, -1)).isTrue();
        try (Tern tern = Tern.open(folder.resolve("more/packed"))) {
            assertThat(tern.config().linearKind().isTernary()).isTrue();
        }
        List<String> parts = RunLogs.withoutTimes(folder.resolve("more/log.jsonl"));
        Files.writeString(more, Files.readString(more).replace("folder: more", "folder: whole"));
        train(more, false, -1);
        assertThat(parts).isEqualTo(RunLogs.withoutTimes(folder.resolve("whole/log.jsonl")));
    }

    @Test
    void addsSubNormsWhereAModelHasNone() throws IOException {
        Path config = config("llama");
        Files.writeString(config, Files.readString(config).replace("context: 32}", "context: 32, sub_norms: false}"));
        train(config, false, -1);
        Path more = further(config, "b158", "rate: 0.003", "run/dense");
        Files.writeString(more, Files.readString(more).replace("turn_steps: 6", "turn_steps: 6, add_sub_norms: true"));
        assertThat(train(more, false, -1)).isTrue();
        try (Tern tern = Tern.open(folder.resolve("more/packed"))) {
            assertThat(tern.config().subNorms()).isTrue();
        }
    }

    private Path further(Path config, String arm, String rate) throws IOException {
        return further(config, arm, rate, "run/master");
    }

    /// A configuration that begins where another run ended.
    private Path further(Path config, String arm, String rate, String from) throws IOException {
        Path file = folder.resolve("more.yaml");
        Files.writeString(file, Files.readString(config).replaceAll("(?m)^ *(model|tokenizer):.*\n", "")
                .replace("rate: 0.01", rate).replace("folder: run", "folder: more")
                + "model: {arm: %s}\nstart: {folder: %s, turn_steps: 6}\n".formatted(arm, from));
        return file;
    }

    private double lastValidation(String run) throws IOException {
        String last = Files.readAllLines(folder.resolve(run + "/log.jsonl")).getLast();
        return new ObjectMapper().readTree(last).get("validation_loss").asDouble();
    }

    @ParameterizedTest
    @ValueSource(strings = {"separate", "document"})
    void keepsDocumentsApart(String packing) throws IOException {
        Path config = config("b158");
        Files.writeString(config, Files.readString(config).replace("validation_share: 0.05", "validation_share: 0.05, "
                + "packing: " + packing));
        assertThat(train(config, false, -1)).isTrue();
    }

    @Test
    void refusesAGpuWhereThereIsNone() throws IOException {
        Path config = config("b158");
        Files.writeString(config, Files.readString(config).replace("threads: 1", "device: cuda"));
        assertThatThrownBy(() -> train(config, false, -1)).isInstanceOf(CommandException.class)
                .hasMessageContaining("compute.device: cuda: libtorch sees no GPU");
    }

    @Test
    void estimatesWithoutLookingAtTheData() throws IOException {
        TrainConfig read = TrainConfig.read(config("b158"));
        Files.delete(folder.resolve("corpus.txt"));
        new SpeedEstimate(read, console).run();
        assertThat(console.outText()).contains("tiny: b158", "tokens/s", "12 steps");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void aSweepFindsTheRateBetweenWorseOnes() throws IOException {
        Path config = config("b158");
        TrainConfig read = TrainConfig.read(config);
        // Stopped in the first of its runs, it begins that one anew; what is done is not done again.
        assertThat(new LearningRateSweep(read, 8, console).run(() -> true)).isFalse();
        assertThat(new LearningRateSweep(read, 8, console).run(() -> false)).isTrue();
        String said = console.outText();
        assertThat(said).containsOnlyOnce("best").contains("recipe.rate: ");
        long began = console.errorText().lines().filter(line -> line.contains("8 steps of")).count();
        assertThat(began).isGreaterThanOrEqualTo(4);
        assertThat(new LearningRateSweep(read, 8, console).run(() -> false)).isTrue();
        assertThat(console.errorText().lines().filter(line -> line.contains("8 steps of")).count()).isEqualTo(began);
        assertThat(console.outText()).isEqualTo(said + said);
    }

    @Test
    void aRepeatedSourceCountsAsOftenAsItIsRepeated() throws IOException {
        Path config = config("b158");
        Files.writeString(config,
                Files.readString(config).replace("sources: corpus.txt", "sources: [{path: corpus.txt, "
                        + "repeat: 3}, {path: other.jsonl, json_key: story}]"));
        Files.writeString(folder.resolve("other.jsonl"), "{\"story\": \"a red cat went home\"}\n".repeat(30));
        assertThat(TrainConfig.read(config).data().sources()).extracting(TextSource::repeats).containsExactly(3, 1);
        assertThat(train(config, false, -1)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"arm: b158|arm: b2|model.arm: expected one of [b1, b158, llama]",
            "hidden: 32|hidden: 30|model.hidden", "steps: 12|steps: 0|recipe.steps",
            "steps: 12|stepz: 12|recipe.tokens", "rate: 0.01|rate: fast|recipe.rate: expected a number",
            "threads: 1|treads: 1|compute.treads", "vocabulary: 280|vocabulary: 100000|vocabulary",
            "corpus.txt|missing.txt|missing.txt", "length: 32|length: 64|recipe.length"})
    void saysWhatIsWrongWithAConfiguration(String right, String wrong, String message) throws IOException {
        Path config = config("b158");
        Files.writeString(config, Files.readString(config).replace(right, wrong));
        assertThatThrownBy(() -> train(config, false, -1))
                .isInstanceOfAny(ModelFormatException.class, CommandException.class).hasMessageContaining(message)
                .message().doesNotContain("\n");
    }
}
