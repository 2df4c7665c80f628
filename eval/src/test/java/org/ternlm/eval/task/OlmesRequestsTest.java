package org.ternlm.eval.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.TestFiles;

/// Contexts and continuations, to the letter those that OLMES itself has written.
class OlmesRequestsTest {
    private static final JsonMapper JSON = new JsonMapper();

    /// All requests of the complete files: `-Dtern.data=DIR`.
    @ParameterizedTest
    @CsvSource({"arc_easy,arc_easy,4562", "arc_challenge,arc_challenge,2388", "openbookqa,openbookqa,4000",
            "boolq,boolq,6540", "piqa,piqa,7352", "winogrande,winogrande,2534", "hellaswag,hellaswag_5shot,8000"})
    void makesAllRequestsToTheLetter(String name, String folder, int requests) throws IOException {
        Optional<Path> data = TestFiles.data();
        assumeThat(data).as("-Dtern.data=DIR").isPresent();
        Path file = data.orElseThrow().resolve("eval/olmes").resolve(folder).resolve("requests.jsonl.gz");
        assertThat(compared(name, file, folder.endsWith("_5shot") ? 5 : 0)).isEqualTo(requests);
    }

    /// The first items of each, with their unconditional requests.
    @ParameterizedTest
    @CsvSource({"arc_easy,0,16", "arc_challenge,0,16", "openbookqa,0,16", "boolq,0,4", "piqa,0,8", "winogrande,0,8",
            "hellaswag,5,8"})
    void makesTheRequestsOfASampleToTheLetter(String name, int shots, int requests) throws IOException {
        assertThat(compared(name, TestFiles.resource("task/olmes-" + name + ".jsonl"), shots)).isEqualTo(requests);
    }

    /// How many requests the file has, which are all that the items give and in the same order.
    private static int compared(String name, Path file, int shots) throws IOException {
        Task task = Tasks.named(name).orElseThrow();
        PromptStyle style = task.style(Style.OLMES);
        List<String> examples = EvaluationData.shots(task, Style.OLMES, shots, null);
        List<Item> items = ItemFile.read(file, task, Style.OLMES, Integer.MAX_VALUE);
        List<Prompt> made = new ArrayList<>();
        items.forEach(item -> made.addAll(style.prompts(item, examples)));
        items.forEach(item -> made.addAll(style.unconditionalPrompts(item)));
        List<Prompt> expected = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (String line : lines(file)) {
            JsonNode request = JSON.readTree(line);
            expected.add(new Prompt(request.at("/request/context").textValue(), request.at("/request/continuation")
                    .textValue()));
            if (request.get("idx").intValue() == 0 && labels.size() < items.size()) {
                labels.add(request.get("label").intValue());
            }
        }
        assertThat(made).isEqualTo(expected);
        assertThat(items.stream().map(Item::gold)).isEqualTo(labels);
        return expected.size();
    }

    private static List<String> lines(Path file) throws IOException {
        if (!file.toString().endsWith(".gz")) {
            return Files.readAllLines(file);
        }
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(new GZIPInputStream(Files.newInputStream(
                file)), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }
}
