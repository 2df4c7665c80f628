package org.ternlm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.command.CommandException;
import org.ternlm.command.ExitCode;

/// The command as a process: what it prints, what it refuses, and how it ends.
class ServeCommandTest {
    private static final Path ROOT = Path.of(System.getProperty("tern.root", "..")).toAbsolutePath().normalize();
    private static final int TERMINATED = 143;

    @TempDir
    Path folder;

    private ProcessBuilder command(String... arguments) {
        List<String> words = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m", "--add-modules=jdk.incubator.vector", "-Dtern.home=" + ROOT, "-cp", System.getProperty(
                        "java.class.path"),
                ServeMain.class.getName()));
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().remove("TERN_API_KEY");
        return builder;
    }

    private record Ended(int exitCode, String error) {}

    private Ended run(String... arguments) throws IOException, InterruptedException {
        Path error = folder.resolve("error.txt");
        Process process = command(arguments).redirectError(error.toFile()).start();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("no end");
        }
        return new Ended(process.exitValue(), Files.readString(error));
    }

    @Test
    void servesUntilItIsToldToStopAndEndsWhatIsUnderWay() throws Exception {
        Process process = command("--port", "0", "--json", "--parallel", "2", "--kv", "bf16").redirectError(folder
                .resolve("error.txt").toFile()).start();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(),
                StandardCharsets.UTF_8)); HttpClient client = HttpClient.newHttpClient()) {
            JsonNode ready = Served.JSON.readTree(out.readLine());
            assertThat(ready.get("model").asText()).isEqualTo("tern-stories-5M-b158");
            assertThat(ready.get("url").asText()).isEqualTo("http://127.0.0.1:" + ready.get("port").asInt());
            HttpRequest request = HttpRequest.newBuilder(URI.create(ready.get("url").asText() + "/v1/completions"))
                    .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(
                            "{\"prompt\": \"Once\", \"max_tokens\": 60, \"stream\": true, \"ignore_eos\": true}"))
                    .build();
            CompletableFuture<HttpResponse<java.util.stream.Stream<String>>> begun = client.sendAsync(request,
                    BodyHandlers.ofLines());
            java.util.stream.Stream<String> lines = begun.get(30, TimeUnit.SECONDS).body();
            // Unlike Process.destroy, this leaves its output open.
            process.toHandle().destroy();
            assertThat(lines.toList()).contains("data: [DONE]");
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(TERMINATED);
            assertThat(out.readLine()).isNull();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aPortThatIsTakenIsOneLine() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            Ended ended = run("--port", Integer.toString(taken.getLocalPort()));
            assertThat(ended.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(ended.error()).contains("cannot listen on 127.0.0.1, port " + taken.getLocalPort());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--host 0.0.0.0 | other machines reach 0.0.0.0: expected an API key",
            "--cors * | web pages of every origin may ask: expected an API key",
            "--port 70000 | port: expected 0 to 65535",
            "--parallel 0 | sequences: expected 1 to 1024", "--queue -1 | queue: expected 0 or more",
            "--cache-size 2X | --cache-size: expected a size", "--max-body 4G | --max-body: expected 1 to 1073741824",
            "--time-limit 0 | --time-limit", "--kv f8 | --kv: expected",
            "--api-key a --api-key-file b | expected one of them",
            "--api-key-file missing.txt | cannot be read", "-m missing | no such model: missing"})
    void whatCannotBeDoneIsRefused(String arguments, String message) {
        java.io.PrintStream before = System.err;
        java.io.ByteArrayOutputStream error = new java.io.ByteArrayOutputStream();
        try {
            System.setErr(new java.io.PrintStream(error, true, StandardCharsets.UTF_8));
            assertThat(ServeMain.run(arguments.split(" "))).isIn(ExitCode.BAD_INPUT, ExitCode.FAILED);
        } finally {
            System.setErr(before);
        }
        assertThat(error.toString(StandardCharsets.UTF_8)).contains(message);
    }

    @Test
    void itsHelpFitsATerminal() {
        assertThat(ServeMain.help().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(ServeMain.help()).contains("tern serve [-m MODEL] [OPTIONS]", "--port=N", "Who may ask:",
                "-H 'Content-Type: application/json'");
    }

    @Test
    void keysComeFromTheOptionAFileOrTheEnvironment() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "from-file\n");
        Map<String, String> environment = Map.of(ApiKeys.VARIABLE, "from-environment");
        assertThat(ApiKeys.find("from-option", null, environment)).isEqualTo("from-option");
        assertThat(ApiKeys.find(null, file, environment)).isEqualTo("from-file");
        assertThat(ApiKeys.find(null, null, environment)).isEqualTo("from-environment");
        assertThat(ApiKeys.find(null, null, Map.of())).isNull();
        assertThatThrownBy(() -> ApiKeys.find("", null, Map.of())).isInstanceOf(CommandException.class);
        assertThatThrownBy(() -> ApiKeys.find("two words", null, Map.of())).isInstanceOf(CommandException.class);
        Files.writeString(file, "");
        assertThatThrownBy(() -> ApiKeys.find(null, file, environment)).isInstanceOf(CommandException.class);
    }

    @Test
    void sizesAreReadAsPeopleWriteThem() {
        assertThat(Sizes.parse("x", "512", 1 << 20)).isEqualTo(512);
        assertThat(Sizes.parse("x", "512k", 1 << 20)).isEqualTo(512 << 10);
        assertThat(Sizes.parse("x", "2G", Long.MAX_VALUE)).isEqualTo(2L << 30);
        for (String wrong : new String[] {"", "G", "-1", "0", "1.5G", "99999999999T"}) {
            assertThatThrownBy(() -> Sizes.parse("x", wrong, Long.MAX_VALUE)).as(wrong).isInstanceOf(
                    CommandException.class).hasMessageStartingWith("x: expected");
        }
    }
}
