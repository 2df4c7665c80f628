package org.ternlm.compare.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.format.ModelFormatException;

class ExperimentTest {
    private static final Path ROOT = Path.of(System.getProperty("tern.root", ".."));
    private static final String WHOLE = """
            name: small
            data: {sources: text.txt, separator: "||"}
            tokenizer: {vocabulary: 300}
            sizes:
              - {name: S, hidden: 64, feed_forward: 128, layers: 1, heads: 2}
              - {name: M, hidden: 128, feed_forward: 256, layers: 1, heads: 2}
            recipe: {tokens: 4096, batch: 8, length: 32}
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void text() throws IOException {
        Files.writeString(folder.resolve("text.txt"), "one||two");
    }

    private Experiment read(String text) throws IOException {
        Path file = folder.resolve("config.yaml");
        Files.writeString(file, text);
        return Experiment.read(file);
    }

    @Test
    void whatIsLeftOutHasDefaults() throws IOException {
        Experiment experiment = read(WHOLE);
        assertThat(experiment.arms()).containsExactly(Arm.LLAMA, Arm.B1, Arm.B158);
        assertThat(experiment.sets()).containsExactly(ArmSet.ALONE);
        assertThat(experiment.style(ArmSet.ALONE, Arm.LLAMA)).isEqualTo(experiment.style(ArmSet.ALONE, Arm.B158));
        assertThat(experiment.seeds()).containsExactly(1L);
        assertThat(experiment.sweptAt()).map(Size::name).contains("S");
        assertThat(experiment.sweepSteps()).isEqualTo(1);
        assertThat(experiment.recipe().steps()).isEqualTo(16);
        assertThat(experiment.folder()).isEqualTo(folder.resolve("runs/small"));
        assertThat(experiment.spectrum()).isEmpty();
        assertThat(experiment.geometries()).isEmpty();
    }

    @Test
    void whatIsBundledCanBeRead() {
        Experiment toy = Experiment.read(ROOT.resolve("configs/compare-toy.yaml"));
        assertThat(toy.name()).isEqualTo("compare-toy");
        Experiment tiny = Experiment.read(ROOT.resolve("configs/compare-tiny.yaml"));
        assertThat(tiny.sizes()).hasSize(4);
        assertThat(tiny.seeds()).hasSize(3);
        assertThat(tiny.sets()).containsExactly(ArmSet.ALONE, ArmSet.OWN);
        assertThat(tiny.sizes().stream().map(size -> Math.round(size.weights(tiny.vocabulary(), true) / 1e5) / 10.0))
                .containsExactly(
                        0.5, 1.0, 2.0, 4.1);
        assertThat(tiny.sizes()).allSatisfy(size -> assertThat(size.feedForward() % 32).isZero());
    }

    @Test
    void theExampleOfTheDocumentationCanBeRead() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/compare.md"));
        String example = page.substring(page.indexOf("    name: compare-stories")).lines()
                .takeWhile(line -> line.isEmpty()
                        || line.startsWith("    "))
                .map(line -> line.replaceFirst("^ {4}", "")).collect(Collectors.joining("\n"));
        for (String text : List.of("tinystories/train", "tinystories/valid", "simple/fairytaleqa_train",
                "classics/childrens_classics")) {
            Path file = folder.resolve("corpora").resolve(text + ".txt");
            Files.createDirectories(file.resolveSibling(""));
            Files.writeString(file, "a text");
        }
        Experiment experiment = read(example);
        assertThat(experiment.texts().repeats()).containsExactly(4L, 4L, 2L);
        assertThat(experiment.geometries())
                .hasValueSatisfying(geometries -> assertThat(geometries.names()).contains("70B"));
        assertThat(experiment.small().wrapper()).contains("MemoryMax={mb}M");
    }

    @Test
    void eachPapersOwnStyleDiffers() throws IOException {
        Experiment experiment = read(WHOLE + "sets: [own]\nown: {llama: {tied_head: true}}\n");
        assertThat(experiment.style(ArmSet.OWN, Arm.LLAMA)).isEqualTo(new Style("silu", false, true));
        assertThat(experiment.style(ArmSet.OWN, Arm.B158)).isEqualTo(new Style("silu", true, false));
    }

    @Test
    void ratesGoFromWidthToWidth() {
        assertThat(Arm.LLAMA.rateAt(128, 1e-3, 64)).isEqualTo(5e-4);
        assertThat(Arm.B158.rateAt(1024, 1e-3, 64)).isEqualTo(5e-4);
        assertThat(Arm.B1.rateAt(64, 2e-3, 64)).isEqualTo(2e-3);
    }

    @Test
    void weightsAreCounted() {
        Size size = new Size("S", 64, 128, 2, 4, 2);
        // q and o 64 × 64, k and v 64 × 32, three of 64 × 128; twice.
        assertThat(size.linearWeights()).isEqualTo(2 * (2 * 4096 + 2 * 2048 + 3 * 8192));
        assertThat(size.weights(300, true)).isEqualTo(size.linearWeights() + 300 * 64);
        assertThat(size.weights(300, false)).isEqualTo(size.linearWeights() + 2 * 300 * 64);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"batch: 8;batches: 8;recipe.batch", "layers: 1;layer: 1;sizes[0].layers",
            "name: small;name: a/b;name: expected letters", "vocabulary: 300;vocabulary: 3;tokenizer.vocabulary",
            "tokens: 4096;tokens: 10;recipe.tokens", "sources: text.txt;sources: gone.txt;is not there",
            "hidden: 64;hidden: 63;even multiple of heads", "name: M;name: S;each with a name of its own",
            "hidden: 128;hidden: 32;the smallest first"})
    void mistakesAreOneLineThatNamesThem(String right, String wrong, String said) {
        assertThatThrownBy(() -> read(WHOLE.replace(right, wrong))).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(said)
                .hasMessageContaining("config.yaml").message().hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"colour: red", "arms: [b159]", "arms: [b1, b1]", "sets: all", "seeds: {values: [3, 2]}",
            "seeds: {size: XL}", "sweep: {size: XL}", "spectrum: {forms: [int3]}",
            "arms: [b1, b158]\nspectrum: {size: S}",
            "small_device: {megabytes: [64]}", "own: {llama: {activation: relu2}}", "model: {activation: gelu}",
            "bench: {prompt: 64}", "spectrum: {set: own}"})
    void furtherMistakesAreRefused(String line) {
        assertThatThrownBy(() -> read(WHOLE + line + "\n")).isInstanceOf(ModelFormatException.class).message()
                .hasLineCount(1);
    }

    @Test
    void unknownKeysAreRefusedWithThoseThatThereAre() {
        assertThatThrownBy(() -> read(WHOLE + "colour: red\n")).hasMessageContaining("colour").hasMessageContaining(
                "an unknown key").hasMessageContaining("recipe");
    }

    @Test
    void whatIsNotThereOrNoYamlIsSaid() {
        assertThatThrownBy(() -> Experiment.read(folder.resolve("none.yaml"))).hasMessageContaining("nothing there");
        assertThatThrownBy(() -> read("name: [")).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("expected YAML");
    }

    @Test
    void ownTextsNeedASeparatorOrValidation() {
        assertThatThrownBy(() -> read(WHOLE.replace(", separator: \"||\"", "")))
                .hasMessageContaining("data.validation");
    }
}
