package org.ternlm.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.command.CommandException;
import org.ternlm.command.MemoryConsole;
import org.ternlm.format.ModelFormatException;
import org.ternlm.train.config.TrainConfig;

/// A run goes on only as what it began as; and what is wrong with its data is said in one line.
class ChangedRunTest {
    @TempDir
    Path folder;

    private final MemoryConsole console = new MemoryConsole();
    private Path config = Path.of("");
    private Path text = Path.of("");
    private Path run = Path.of("");

    @BeforeEach
    void write() throws IOException {
        text = TinyRuns.corpus(folder.resolve("corpus.txt"), 300);
        run = folder.resolve("run");
        config = TinyRuns.config(folder, "run", run, 6);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"batch: 4|batch: 8|recipe.batch: expected 4, found 8",
            "length: 32|length: 16|recipe.length: expected 32, found 16",
            "length: 32|length: 32, seed: 2|recipe.seed: expected 1, found 2",
            "arm: b158|arm: b1|arm: expected b158, found b1",
            "heads: 4|heads: 4, activation: silu|model.activation: expected RELU_SQUARED, found SILU",
            "heads: 4|heads: 4, rope_theta: 500|model.rope_theta: expected 10000.0, found 500.0",
            "vocabulary: 280|vocabulary: 270|tokenizer.vocabulary: expected 280, found 270",
            "data: {|data: {packing: document, |data.packing: expected STREAM, found DOCUMENT",
            "validation_share: 0.05|validation_share: 0.06|validation_share: expected 0.05, found 0.06"})
    void refusesToGoOnAsAnother(String before, String after, String message) throws IOException {
        TinyRuns.train(config, false, 3, console);
        TinyRuns.change(config, before, after);
        assertThatThrownBy(() -> TinyRuns.train(config, true, -1, console)).isInstanceOf(CommandException.class)
                .hasMessageStartingWith("changed ").hasMessageContaining(message).message().doesNotContain("\n");
        // Nothing has changed by that: as what it was it goes on.
        TinyRuns.change(config, after, before);
        assertThat(TinyRuns.train(config, true, -1, console)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"rate: 0.01|rate: 0.005|recipe.rate: expected 0.01, found 0.005",
            "steps: 6|steps: 8|recipe.steps: expected 6, found 8",
            "precision: fp32|precision: bf16|recipe.precision: expected FLOAT32, found BFLOAT16"})
    void goesOnWithOtherRatesAndSaysSo(String before, String after, String message) throws IOException {
        TinyRuns.train(config, false, 3, console);
        TinyRuns.change(config, before, after);
        TinyRuns.train(config, true, 1, console);
        assertThat(console.errorText()).containsOnlyOnce("another configuration: " + message);
        assertThat(TinyRuns.train(config, true, -1, console)).isTrue();
        assertThat(console.errorText()).as("once").containsOnlyOnce(message);
    }

    @Test
    void whatARunLeavesMayChange() throws IOException {
        TinyRuns.train(config, false, 3, console);
        TinyRuns.change(config, "checkpoint_every: 3", "checkpoint_every: 1, keep: 1");
        assertThat(TinyRuns.train(config, true, -1, console)).isTrue();
        assertThat(console.errorText()).doesNotContain("another configuration");
    }

    @Test
    void aRunThatHasNoCheckpointYetBegins() throws IOException {
        assertThat(TinyRuns.train(config, true, -1, console)).isTrue();
        Path other = TinyRuns.config(folder, "other", folder.resolve("other"), 6);
        // As after a kill before the first checkpoint: the configuration is still free.
        TrainingRun.prepare(TrainConfig.read(other), true, console).close();
        TinyRuns.change(other, "vocabulary: 280", "vocabulary: 270");
        TinyRuns.change(other, "batch: 4", "batch: 3");
        Files.writeString(folder.resolve("other/corpus.fingerprint"), "");
        assertThat(TinyRuns.train(other, true, -1, console)).isTrue();
        assertThat(Files.readString(folder.resolve("other/checkpoints/step-00000006/config.json")))
                .contains("\"vocab_size\" : 270");
    }

    @Test
    void saysThatTheTextHasChangedSinceTheVocabularyWasLearnt() throws IOException {
        TrainingRun.prepare(TrainConfig.read(config), false, console).close();
        Files.writeString(text, "more of the red cat", java.nio.file.StandardOpenOption.APPEND);
        TrainingRun.prepare(TrainConfig.read(config), false, console).close();
        assertThat(console.errorText()).contains("has changed since a vocabulary was learnt");
    }

    @Test
    void refusesAnotherTokenizer() throws IOException {
        TinyRuns.train(config, false, 3, console);
        Path tokenizer = run.resolve("tokenizer/tokenizer.json");
        Files.writeString(tokenizer, Files.readString(tokenizer) + "\n");
        assertThatThrownBy(() -> TinyRuns.train(config, true, -1, console)).isInstanceOf(CommandException.class)
                .hasMessageStartingWith("changed data: tokenizer, tokenizer.json: expected");
        Files.writeString(tokenizer, "{");
        assertThatThrownBy(() -> TinyRuns.train(config, true, -1, console)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("tokenizer.json").message().doesNotContain("\n");
        // Without it, the same one is learnt again.
        Files.delete(tokenizer);
        assertThat(TinyRuns.train(config, true, -1, console)).isTrue();
    }

    @Test
    void aSweepLeavesTheCorpusOfARunAlone() throws IOException {
        TinyRuns.train(config, false, 3, console);
        byte[] manifest = Files.readAllBytes(run.resolve("corpus/corpus.json"));
        Files.writeString(text, "another text\n\nof two documents");
        assertThatThrownBy(() -> new LearningRateSweep(TrainConfig.read(config), 4, console).run(() -> false))
                .isInstanceOf(CommandException.class).hasMessageContaining("changed data");
        assertThat(run.resolve("corpus/corpus.json")).hasBinaryContent(manifest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n\n\t \n\n ", "\uFEFF\n"})
    void refusesACorpusWithoutText(String nothing) throws IOException {
        Files.writeString(text, nothing);
        assertThatThrownBy(() -> TinyRuns.train(config, false, -1, console)).isInstanceOf(CommandException.class)
                .hasMessage("empty corpus: no text for training in " + text);
    }

    @Test
    void saysWhereTheTextIsNoUtf8() throws IOException {
        String whole = Files.readString(text);
        byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
        int place = bytes.length / 2;
        bytes[place] = (byte) 0xC3;
        Files.write(text, bytes);
        assertThatThrownBy(() -> TinyRuns.train(config, false, -1, console)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("%s: byte %d: expected UTF-8, found bytes C3", text, place)
                .hasMessageContaining("replace");
        TinyRuns.change(config, "sources: corpus.txt", "sources: [{path: corpus.txt, replace_invalid: true}]");
        assertThat(TinyRuns.train(config, true, -1, console)).isTrue();
    }

    @Test
    void refusesAVocabularyThatTheTextsDoNotAllow() throws IOException {
        TinyRuns.change(config, "vocabulary: 280", "vocabulary: 5000");
        assertThatThrownBy(() -> TinyRuns.train(config, false, -1, console)).isInstanceOf(CommandException.class)
                .hasMessageContaining("tokenizer.vocabulary: the vocabulary is larger than the texts allow")
                .hasMessageContaining("found 5,000").message().doesNotContain("\n");
        // What was tried and refused leaves nothing that would stand in the way.
        TinyRuns.change(config, "vocabulary: 5000", "vocabulary: 280");
        assertThat(TinyRuns.train(config, false, -1, console)).isTrue();
    }
}
