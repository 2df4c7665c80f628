package org.ternlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.command.ExitCode;

/// `tern pull`, and models that it has pulled, in process.
class PullCommandTest {
    private static final Path STORIES = Path.of(Run.model("stories260K-llama-f32"));
    private static final String LILY = "Once upon a time, there was a little girl named Lily.";
    private static final List<String> PROPERTIES = List.of("HF_ENDPOINT", "HF_HOME", "HF_HUB_CACHE", "HF_HUB_OFFLINE",
            "HF_TOKEN");

    @TempDir
    Path home;

    private ModelServer server;

    @BeforeEach
    void useServerAndCacheOfTheTest() throws IOException {
        server = new ModelServer(STORIES);
        // Empty ones hide what the environment of the build may hold.
        PROPERTIES.forEach(name -> System.setProperty(name, ""));
        System.setProperty("HF_ENDPOINT", server.address());
        System.setProperty("HF_HOME", home.toString());
    }

    @AfterEach
    void forgetThem() {
        PROPERTIES.forEach(System::clearProperty);
        server.close();
    }

    private Path snapshot() {
        return home.resolve("hub/models--org--stories/snapshots").resolve(ModelServer.COMMIT);
    }

    @Test
    void aPulledModelRuns() {
        String[] run = {"run", "-m", "hf:org/stories", "--temperature", "0", "-n", "16", LILY};
        Run before = Run.tern(run);
        assertThat(before).isEqualTo(new Run(ExitCode.BAD_INPUT, "", "tern: org/stories is not in the cache "
                + home.resolve("hub") + " (tern pull org/stories)" + System.lineSeparator()));

        Run pull = Run.tern("pull", "org/stories");
        assertThat(pull.error()).startsWith("org/stories: 4 files, ").contains("4 of them fetched in ")
                .hasLineCount(1);
        assertThat(pull.out()).isEqualTo(snapshot() + System.lineSeparator());
        assertThat(pull.exitCode()).isZero();

        Run local = Run.tern("run", "-m", STORIES.toString(), "--temperature", "0", "-n", "16", LILY);
        assertThat(local.out()).startsWith(LILY + " She loved");
        server.close();
        assertThat(Run.tern(run)).isEqualTo(local);
        for (String name : List.of("stories", "org/stories", "hf:org/stories@" + ModelServer.COMMIT)) {
            assertThat(Run.tern("run", "-m", name, "--temperature", "0", "-n", "16", LILY)).as(name).isEqualTo(local);
        }
        assertThat(Run.tern("tokenize", "-m", "stories", "Hello").exitCode()).isZero();
    }

    @Test
    void jsonTellsWhatIsThere() throws IOException {
        JsonNode first = new ObjectMapper().readTree(Run.tern("pull", "hf:org/stories", "--json", "--include",
                "*.json", "--exclude", "expected*").out());
        assertThat(first.fieldNames()).toIterable().containsExactly("repository", "revision", "commit", "folder",
                "checked", "files");
        assertThat(first.path("repository").asText()).isEqualTo("org/stories");
        assertThat(first.path("commit").asText()).isEqualTo(ModelServer.COMMIT);
        assertThat(first.path("checked").asBoolean()).isTrue();
        assertThat(first.path("files")).extracting(file -> file.path("path").asText()).containsExactly("config.json",
                "tokenizer.json", "tokenizer_config.json");
        assertThat(first.path("files")).allMatch(file -> file.path("downloaded").asBoolean());
        assertThat(first.at("/files/0/bytes").asLong()).isEqualTo(STORIES.resolve("config.json").toFile().length());

        Run all = Run.tern("pull", "org/stories", "--json");
        assertThat(all.out()).hasLineCount(1);
        JsonNode second = new ObjectMapper().readTree(all.out());
        assertThat(second.path("files")).filteredOn(file -> file.path("downloaded").asBoolean()).hasSize(1);
        Run again = Run.tern("pull", "org/stories");
        assertThat(again.error()).contains("all there already");
        assertThat(server.filesServed).hasValue(4);
    }

    @Test
    void offlineTheCacheIsEnough() {
        System.setProperty("HF_HUB_OFFLINE", "1");
        Run none = Run.tern("pull", "org/stories");
        assertThat(none.error()).startsWith("tern: org/stories is not in the cache").hasLineCount(1);
        assertThat(none.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        System.setProperty("HF_HUB_OFFLINE", "");
        assertThat(Run.tern("pull", "org/stories").exitCode()).isZero();
        System.setProperty("HF_HUB_OFFLINE", "1");
        Run there = Run.tern("pull", "org/stories");
        assertThat(there.exitCode()).isZero();
        assertThat(there.error()).contains("as they are in the cache; the hub was not asked");
    }

    @Test
    void whatIsMissingOrDamagedIsOneLine() throws IOException {
        assertThat(Run.tern("pull", "org/nothing")).isEqualTo(new Run(ExitCode.BAD_INPUT, "",
                "tern: no such repository: org/nothing (looked at " + server.address() + ")"
                        + System.lineSeparator()));
        assertThat(Run.tern("pull", "org/stories", "--include", "*.onnx").error()).startsWith(
                "tern: no file of org/stories matches --include *.onnx (it holds config.json, ");
        assertThat(Run.tern("pull", "a b").error()).startsWith("tern: 'a b' is no name of a repository");
        assertThat(Run.tern("pull").error()).startsWith("tern: missing required parameter").hasLineCount(1);
        Run.tern("pull", "org/stories");
        Files.delete(snapshot().resolve("model.safetensors"));
        Run half = Run.tern("run", "-m", "stories", "x");
        assertThat(half.error()).startsWith("tern: org/stories is not complete in the cache: ").contains(
                "(tern pull org/stories)").hasLineCount(1);
    }

    @Test
    void aHubThatDoesNotAnswerIsAFailureThatMayPass() {
        server.close();
        Run run = Run.tern("pull", "org/stories");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.error()).startsWith("tern: " + server.address() + ": cannot connect")
                .contains("tried 3 times", "check the network").hasLineCount(1);
    }

    @Test
    void aFolderOfThatNameGoesBefore() throws IOException {
        Run.tern("pull", "org/stories");
        Path folder = Files.createDirectories(home.resolve("stories"));
        Run run = Run.tern("run", "-m", folder.toString(), "x");
        assertThat(run.error()).startsWith("tern: " + folder.resolve("config.json"));
    }
}
