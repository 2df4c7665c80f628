package org.ternlm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.dist.Jail.Output;

/// The layers of the image, one on the other, started as the image says: by its user, its entry point and its variables.
@Tag("soak")
class ContainerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Jail jail = new Jail(Path.of("."), 0, null);
    private final List<String> entrypoint = new ArrayList<>();
    private final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void unpack() throws Exception {
        Path root = Files.createDirectory(folder.resolve("root"));
        Path image = folder.resolve("image");
        jail = Jail.of(root, 65532);
        Built.unpack(Built.image(), image);
        JsonNode listed = JSON.readTree(image.resolve("manifest.json").toFile()).get(0);
        for (JsonNode layer : listed.get("Layers")) {
            Built.unpack(image.resolve(layer.asText()), root);
        }
        JsonNode config = JSON.readTree(image.resolve(listed.get("Config").asText()).toFile()).get("config");
        assertThat(config.get("User").asText()).isEqualTo("65532:65532");
        config.get("Entrypoint").forEach(word -> entrypoint.add(word.asText()));
        config.get("Env").forEach(variable -> {
            String[] parts = variable.asText().split("=", 2);
            variables.put(parts[0], parts[1]);
        });
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(entrypoint);
        command.addAll(List.of(arguments));
        return command;
    }

    @Test
    void tellsAStoryWithoutAShell() throws Exception {
        assertThat(jail.root().resolve("bin")).doesNotExist();
        Output story = jail.run(variables, command("run", "--temperature", "0", "-n", "24", "Once upon a time"));
        assertThat(story.exitCode()).as(story.error()).isZero();
        assertThat(story.out()).startsWith("Once upon a time");
        assertThat(story.error()).isEmpty();
    }

    @Test
    void readsArgumentsAsUtf8() throws Exception {
        assertThat(jail.run(variables, command("größer")).error())
                .isEqualTo("tern: unknown command 'größer' (see tern --help)\n");
    }

    /// Files of a model can be put where the user may write, and nowhere in the program.
    @Test
    void theUserHasAFolderForModelsAndNoRightsElsewhere() throws Exception {
        String bundled = "/opt/tern/models/" + first(jail.root().resolve("opt/tern/models"));
        String copy = bundled.endsWith(".gguf") ? "copy" : "copy.gguf";
        Output converted = jail.run(variables, command("convert", bundled, "/models/" + copy));
        assertThat(converted.exitCode()).as(converted.error()).isZero();
        assertThat(jail.run(variables, command("inspect", "/models/" + copy)).exitCode()).isZero();
        Output refused = jail.run(variables, command("convert", bundled, "/opt/tern/" + copy));
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.error()).startsWith("tern: ").hasLineCount(1);
    }

    private static String first(Path models) throws IOException {
        try (java.util.stream.Stream<Path> files = Files.list(models)) {
            return files.filter(file -> Files.isDirectory(file) || file.toString().endsWith(".gguf")).sorted()
                    .findFirst()
                    .orElseThrow().getFileName().toString();
        }
    }

    @Test
    void servesOtherMachinesToWhoHasTheKey() throws Exception {
        variables.put("TERN_API_KEY", "secret");
        Process server = jail.start(variables, command("serve", "--host", "0.0.0.0", "--port", "0", "--json"));
        try (BufferedReader out = new BufferedReader(
                new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
                HttpClient client = HttpClient.newHttpClient()) {
            int port = JSON.readTree(out.readLine()).get("port").asInt();
            HttpRequest.Builder models = HttpRequest
                    .newBuilder(URI.create("http://127.0.0.1:%d/v1/models".formatted(port)));
            assertThat(client.send(models.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(401);
            models.header("Authorization", "Bearer secret");
            assertThat(client.send(models.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        } finally {
            server.destroyForcibly();
            server.waitFor();
        }
    }
}
