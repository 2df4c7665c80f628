package org.ternlm.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.command.CommandException;
import org.ternlm.format.ModelFormatException;

class RunCurvesTest {
    private static final String STEP = """
            {"step":%d,"loss":%f,"rate":1.5E-4,"gradient_norm":1.25,"tokens":%d,"tokens_per_second":9000.5,"phase":"warm-up"}
            """;
    private static final String VALIDATION = """
            {"step":%d,"validation_loss":%f,"trit_shares":[0.3,0.4,0.3],"flipped_share":0.01}
            """;

    @TempDir
    Path folder;

    /// A log as training writes it, with fields that nobody draws.
    private Path run(String name, int steps) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        StringBuilder log = new StringBuilder();
        for (int step = 1; step <= steps; step++) {
            log.append(String.format(Locale.ROOT, STEP, step, 2 + 5.0 / step, step * 4096));
            if (step % 2 == 0) {
                log.append(String.format(Locale.ROOT, VALIDATION, step, 2.1 + 5.0 / step));
            }
        }
        return log(run, log.toString());
    }

    private static Path log(Path run, String text) throws IOException {
        Files.createDirectories(run);
        Files.writeString(run.resolve("log.jsonl"), text);
        return run;
    }

    private static String description(Path svg) throws IOException {
        String text = Files.readString(svg);
        return text.substring(text.indexOf("<desc>") + 6, text.indexOf("</desc>"));
    }

    @Test
    void drawsWhatTheLogHas() throws IOException {
        Path run = run("tiny", 10);
        List<Path> files = RunCurves.draw(run);
        Path curves = run.resolve("curves");
        assertThat(files).containsExactly(Stream.of("loss", "rate", "gradient-norm", "trits", "flipped")
                .flatMap(name -> Stream.of(name + ".svg", name + ".png")).map(curves::resolve).toArray(Path[]::new));
        assertThat(files).allSatisfy(file -> assertThat(file).isNotEmptyFile());
        assertThat(description(curves.resolve("loss.svg")))
                .isEqualTo("nats per token against step: training, validation");
        assertThat(description(curves.resolve("trits.svg"))).isEqualTo("share of the weights against step: -1, 0, +1");
        assertThat(Files.readString(curves.resolve("loss.svg"))).contains("<title>tiny: loss</title>");
    }

    @Test
    void smoothsLongRuns() throws IOException {
        Path run = run("long", 300);
        RunCurves.draw(run);
        assertThat(description(run.resolve("curves/loss.svg"))).isEqualTo("nats per token against step:"
                + " training, each step, training, mean of 7 steps, validation");
        assertThat(description(run.resolve("curves/gradient-norm.svg"))).isEqualTo("norm of the gradients against step:"
                + " norm, each step, norm, mean of 7 steps");
    }

    @Test
    void whatIsMissingGivesNoPicture() throws IOException {
        Path run = log(folder.resolve("bare"),
                "{\"step\":1,\"loss\":3.5,\"gradient_norm\":\"NaN\"}\n{\"begin\":true}\n");
        assertThat(RunCurves.draw(run)).extracting(file -> file.getFileName().toString()).containsExactly("loss.svg",
                "loss.png");
        assertThat(description(run.resolve("curves/loss.svg"))).isEqualTo("nats per token against step: training");
    }

    @Test
    void aLastLineThatIsCutShortIsPassedOver() throws IOException {
        Path whole = run("whole", 6);
        Path torn = folder.resolve("other/whole");
        log(torn, Files.readString(whole.resolve("log.jsonl")) + "{\"step\":7,\"loss\":9");
        RunCurves.draw(whole);
        RunCurves.draw(torn);
        assertThat(torn.resolve("curves/loss.svg")).hasSameBinaryContentAs(whole.resolve("curves/loss.svg"));
    }

    @Test
    void anotherDamagedLineIsNamed() throws IOException {
        Path torn = log(folder.resolve("torn"), "{\"step\":1,\"loss\":3}\n{\"step\":2,\"lo\n{\"step\":3,\"loss\":2}\n");
        assertThatThrownBy(() -> RunCurves.draw(torn)).isInstanceOf(ModelFormatException.class)
                .hasMessage(torn.resolve("log.jsonl") + ": line 2: expected a JSON object, found {\"step\":2,\"lo");
        Path backwards = log(folder.resolve("back"), "{\"step\":5,\"loss\":3}\n{\"step\":3,\"loss\":2}\n");
        assertThatThrownBy(() -> RunCurves.draw(backwards)).isInstanceOf(ModelFormatException.class)
                .hasMessage(backwards.resolve("log.jsonl") + ": line 2: expected a step of at least 5, found 3");
    }

    @Test
    void withoutStepsThereIsNothingToDraw() throws IOException {
        assertThatThrownBy(() -> RunCurves.draw(folder)).isInstanceOf(CommandException.class)
                .hasMessage(folder.resolve("log.jsonl") + ": nothing there");
        Path empty = log(folder.resolve("empty"), "");
        assertThatThrownBy(() -> RunCurves.draw(empty)).isInstanceOf(CommandException.class)
                .hasMessageEndingWith("log.jsonl: no steps to draw");
        assertThat(empty.resolve("curves")).doesNotExist();
    }

    @Test
    void comparesRunsByName() throws IOException {
        Path out = folder.resolve("comparison");
        List<Path> files = RunCurves.compare(List.of(run("b158", 10), run("llama", 300)), out);
        assertThat(files).extracting(file -> file.getFileName().toString()).containsExactly("training-loss.svg",
                "training-loss.png", "validation-loss.svg", "validation-loss.png");
        for (String name : List.of("training-loss.svg", "validation-loss.svg")) {
            assertThat(description(out.resolve(name))).isEqualTo("nats per token against tokens: b158, llama");
        }
    }

    @Test
    void runsOfTheSameNameAreComparedByTheirFolders() throws IOException {
        Path first = run("a/tiny", 3);
        Path second = run("b/tiny", 3);
        RunCurves.compare(List.of(first, second), folder.resolve("out"));
        assertThat(description(folder.resolve("out/training-loss.svg"))).endsWith(": " + first + ", " + second);
    }

    @Test
    void aValidationHasSeenTheTokensOfTheStepBeforeIt() throws IOException {
        RunHistory history = RunHistory.read(run("tiny", 6));
        assertThat(history.values("validation_loss").orElseThrow().steps()).containsExactly(2, 4, 6);
        assertThat(history.tokensAt(new double[] {0, 1, 2, 4.5, 6, 9})).containsExactly(0, 4096, 8192, 4 * 4096,
                6 * 4096, 6 * 4096);
    }

    @Test
    void cannotCompareWhatDoesNotCountTokens() throws IOException {
        Path run = log(folder.resolve("uncounted"), "{\"step\":1,\"loss\":3}\n");
        assertThatThrownBy(() -> RunCurves.compare(List.of(run), folder)).isInstanceOf(ModelFormatException.class)
                .hasMessage(run.resolve("log.jsonl") + ": expected \"tokens\" in the lines of the steps, found none");
        assertThatThrownBy(() -> RunCurves.compare(List.of(), folder)).isInstanceOf(CommandException.class)
                .hasMessage("there are no runs to compare");
    }
}
