package org.ternlm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.dist.Jail.Output;

/// The archive with its own Java, in a root that holds nothing but it, a shell, and the few tools that its launcher calls.
@Tag("soak")
class EmptyRootTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String TERN = "/tern/bin/tern";

    @TempDir
    Path root;

    private Jail jail = new Jail(Path.of("."), 0, null);

    @BeforeEach
    void unpack() throws Exception {
        jail = Jail.withArchive(root);
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(TERN));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    private Output run(String... arguments) throws IOException, InterruptedException {
        return jail.run(Map.of("PATH", "/bin"), command(arguments));
    }

    @Test
    void runsAndMeasures() throws Exception {
        Output story = run("run", "--temperature", "0", "-n", "24", "Once upon a time");
        assertThat(story.exitCode()).as(story.error()).isZero();
        assertThat(story.out()).startsWith("Once upon a time");
        assertThat(story.error()).isEmpty();

        Output doctor = run("doctor", "--json");
        assertThat(JSON.readTree(doctor.out()).at("/environment/vector_api/value").asText()).isEqualTo("present");
        assertThat(JSON.readTree(doctor.out()).at("/environment/aot_cache/value").asText()).isEqualTo("in use");

        Output bench = run("bench", "--json", "-p", "16", "-n", "8", "--repeat", "1");
        assertThat(bench.exitCode()).as(bench.error()).isZero();
        assertThat(JSON.readTree(bench.out()).get("results")).isNotEmpty();

        for (String command : List.of("chat", "eval", "convert", "compare", "score", "inspect", "pull", "verify")) {
            assertThat(run(command, "--help")).as(command).matches(help -> help.exitCode() == 0
                    && help.out().startsWith("Usage: tern " + command) && help.error().isEmpty());
        }
    }

    @Test
    void saysWhereTrainingIs() throws Exception {
        Output training = run("train", "x.yaml");
        assertThat(training)
                .isEqualTo(new Output(2, "", "tern: train is not in this archive (its engine, libtorch, has "
                        + "110 MB): run it from the sources of tern, by ./tern train\n"));
    }

    @Test
    void serves() throws Exception {
        Process server = jail.start(Map.of("PATH", "/bin"), command("serve", "--port", "0", "--json"));
        try (BufferedReader out = new BufferedReader(
                new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
                HttpClient client = HttpClient.newHttpClient()) {
            String url = JSON.readTree(out.readLine()).get("url").asText();
            HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create(url + "/v1/completions"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"prompt\": \"Once\", \"max_tokens\": 8, \"temperature\": 0}"))
                    .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(JSON.readTree(answer.body()).at("/choices/0/text").asText()).isNotEmpty();
        } finally {
            server.destroyForcibly();
            server.waitFor();
        }
    }
}
