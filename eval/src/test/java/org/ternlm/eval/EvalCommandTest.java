package org.ternlm.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.TestFiles;
import org.ternlm.command.CommandException;
import org.ternlm.command.MemoryConsole;
import picocli.CommandLine;

class EvalCommandTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String STORIES = TestFiles.model("stories260K-llama-f32").toString();
    private static final String TERNARY = TestFiles.model("tinystories-ternary-1M").toString();
    private static final String ARC = "arc_easy=" + TestFiles.resource("task/olmes-arc_easy.jsonl");
    private static final String WINOGRANDE = "winogrande=" + TestFiles.resource("task/olmes-winogrande.jsonl");

    @TempDir
    Path folder;

    private static String tern(String... arguments) {
        MemoryConsole console = new MemoryConsole();
        List<String> all = new ArrayList<>(List.of("-t", "1"));
        all.addAll(List.of(arguments));
        CommandLine line = new CommandLine(new EvalCommand(console));
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            throw failure;
        });
        line.parseArgs(all.toArray(String[]::new));
        try {
            assertThat(((EvalCommand) line.getCommand()).call()).isZero();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return console.outText();
    }

    @Test
    void severalModelsMakeOneTable() throws IOException {
        Path items = folder.resolve("items.jsonl");
        String out = tern(STORIES, TERNARY, "--style", "olmes", "--tasks", ARC + "," + WINOGRANDE, "--limit", "3",
                "--items", items.toString(), "--out", folder.resolve("report").toString());
        assertThat(out).contains("style olmes, no examples, THE FIRST 3 ITEMS OF EACH TASK ONLY", "first 2", "first 3");
        assertThat(out.lines().map(line -> line.replaceAll(" +", " "))).contains("model ARCe WGe").anyMatch(line -> line
                .matches("stories260K-llama-f32 [\\d.]+ [\\d.]+")).anyMatch(line -> line.matches(
                        "tinystories-ternary-1M [\\d.]+ [\\d.]+"))
                .contains("chance 25.0 50.0");
        JsonNode report = JSON.readTree(folder.resolve("report.json").toFile());
        assertThat(report.at("/setup/limit").intValue()).isEqualTo(3);
        assertThat(report.at("/models/1/model").textValue()).isEqualTo("tinystories-ternary-1M");
        assertThat(report.at("/models/0/tasks/0/measures/acc_uncond/count").intValue()).isEqualTo(2);
        assertThat(report.at("/models/0/tasks/0/primary").textValue()).isEqualTo("acc");
        assertThat(Files.readString(folder.resolve("report.md"))).contains("| model | ARCe | WGe |",
                "| chance | 25.0 | 50.0 |");
        List<String> lines = Files.readAllLines(items);
        assertThat(lines).hasSize(2 * (2 + 3));
        int right = 0;
        for (String line : lines.subList(0, 2)) {
            JsonNode item = JSON.readTree(line);
            assertThat(item.get("answers")).hasSize(4);
            right += item.at("/picked/acc_norm").intValue() == item.get("gold").intValue() ? 1 : 0;
        }
        assertThat(report.at("/models/0/tasks/0/measures/acc_norm/right").intValue()).isEqualTo(right);
    }

    /// Whatever a run had written when it ended, the one that goes on gives the same report.
    @Test
    void aRunThatWasEndedGoesOn() throws IOException {
        Path items = folder.resolve("items.jsonl");
        String[] arguments = {STORIES, "--style", "olmes", "--tasks", ARC + "," + WINOGRANDE, "--json", "--items", items
                .toString()};
        JsonNode whole = JSON.readTree(tern(arguments));
        List<String> lines = Files.readAllLines(items);
        String changed = lines.get(1).replaceFirst("\"gold\":\\d", "\"gold\":9");
        Files.writeString(items, lines.getFirst() + "\n" + changed + "\n" + lines.get(2).substring(0, 40));
        String[] resumed = Arrays.copyOf(arguments, arguments.length + 1);
        resumed[arguments.length] = "--resume";
        assertThat(JSON.readTree(tern(resumed)).at("/models/0/tasks")).isEqualTo(whole.at("/models/0/tasks"));
        assertThat(Files.readAllLines(items)).hasSameSizeAs(lines).startsWith(lines.getFirst(), changed).endsWith(lines
                .subList(2, lines.size()).toArray(String[]::new));
        Files.writeString(items, "{no\n");
        assertThatThrownBy(() -> tern(resumed)).isInstanceOf(CommandException.class).hasMessageContaining(
                "items.jsonl, line 1: expected a JSON object");
    }

    @Test
    void textsAreScoredAndCompared() throws IOException {
        Path text = Files.writeString(folder.resolve("stories.txt"),
                "Once upon a time there was a dog.<|endoftext|>\nTim was glad. He ran.\n<|endoftext|>\n");
        JsonNode json = JSON.readTree(tern(TERNARY, "--text", text.toString(), "--split", "<|endoftext|>", "--against",
                STORIES, "--json"));
        JsonNode scored = json.at("/models/0/texts/0");
        assertThat(scored.get("bytes").intValue()).isEqualTo(33 + 21);
        assertThat(scored.get("words").intValue()).isEqualTo(13);
        assertThat(scored.get("bitsPerByte").doubleValue()).isCloseTo(scored.at("/nats/value").doubleValue() * scored
                .get("tokens").intValue() / Math.log(2) / 54, within(1e-9));
        assertThat(scored.get("way").textValue()).isEqualTo("windows of 512, stride 256");
        assertThat(scored.at("/divergence/reference").textValue()).isEqualTo("stories260K-llama-f32");
        assertThat(scored.at("/divergence/nats/value").doubleValue()).isPositive();
        assertThat(tern(TERNARY, "--text", text.toString(), "--markdown")).contains("| nats a token |",
                "| bits per byte |");
    }

    @Test
    void promptsAreShownWithoutAModel() {
        assertThat(tern("--show-prompts", ARC, "--style", "olmes")).contains(
                "  Question: Which technology was developed most recently?\nAnswer:┃ television",
                "✓ without the question: Answer:┃ cellular telephone");
    }

    @Test
    void itTellsWhereMissingDataComeFrom() {
        assertThatThrownBy(() -> tern("--tasks", "sciq", "--data", folder.toString())).isInstanceOfSatisfying(
                CommandException.class, problem -> {
                    assertThat(problem).hasMessageContaining("full/sciq.jsonl");
                    assertThat(problem.hint()).contains("huggingface.co/datasets/allenai/sciq", "distractor1");
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--tasks nothing | no task nothing", "--tasks piqa:part | has no part part",
            "--style lm --tasks piqa | expected harness or olmes, found lm",
            "--tasks sciq --style olmes | no style olmes",
            "--limit 0 --tasks piqa | --limit: expected at least 1",
            "--shots -1 --tasks piqa | --shots: expected 0 to 100",
            "--way thirds --text x | expected windows or halves", "--text missing.txt | no such file: missing.txt",
            "--against MODEL | nothing to measure", "--tasks piqa=missing.jsonl | no such file: missing.jsonl",
            "--shots-file piqa --tasks piqa | expected TASK=FILE, found piqa", "--limit 1 | nothing to measure",
            "--tasks piqa --out missing/report | --out: no such folder: ",
            "--resume --tasks piqa | goes on from the file of --items"})
    void refusesWhatMakesNoSense(String arguments, String message) {
        assertThatThrownBy(() -> tern(arguments.strip().split(" "))).isInstanceOf(CommandException.class)
                .hasMessageContaining(message);
    }

    @Test
    void windowsFitIntoTheContext() throws IOException {
        String text = Files.writeString(folder.resolve("a.txt"), "Once upon a time.").toString();
        assertThatThrownBy(() -> tern(STORIES, "--text", text, "--context", "513")).isInstanceOf(CommandException.class)
                .hasMessage("--context: expected 2 to 512, found 513");
        assertThatThrownBy(() -> tern(STORIES, "--text", text, "--context", "8", "--stride", "9")).isInstanceOf(
                CommandException.class).hasMessage("--stride: expected 1 to 8, found 9");
    }
}
