package org.ternlm.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// OpenAI's own client for Node, as it is; `client.mjs` holds the questions.
class NodeClientTest {
    private static final Path SOURCES = Path.of("src/test/node");
    private static final Path FOLDER = Path.of("target/node");

    private record Result(int exitCode, String output) {}

    private static Result run(Map<String, String> variables, String... command) throws InterruptedException {
        try {
            Path output = Files.createTempFile(FOLDER, "output", ".txt");
            ProcessBuilder builder = new ProcessBuilder(command).directory(FOLDER.toFile()).redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(variables);
            Process process = builder.start();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                return new Result(-1, "no end of " + List.of(command));
            }
            return new Result(process.exitValue(), Files.readString(output));
        } catch (IOException e) {
            return new Result(-1, e.toString());
        }
    }

    /// Fetches the client once; skips the test, and says so, where there is no Node or no network.
    private static void prepare() throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        for (String name : List.of("package.json", "package-lock.json", "client.mjs")) {
            Files.writeString(FOLDER.resolve(name), Files.readString(SOURCES.resolve(name)));
        }
        Path installed = FOLDER.resolve("installed-lock.json");
        String lock = Files.readString(SOURCES.resolve("package-lock.json"));
        if (Files.exists(installed) && Files.readString(installed).equals(lock)) {
            return;
        }
        Result install = run(Map.of(), "npm", "ci", "--omit=dev", "--no-audit", "--no-fund");
        if (install.exitCode() != 0) {
            String skipped = "OpenAI's client for Node was NOT tested: npm ci failed: " + install.output();
            System.out.println(skipped);
            Assumptions.abort(skipped);
        }
        Files.writeString(installed, lock);
    }

    @Test
    void isAnsweredAsItExpects() throws IOException, InterruptedException {
        prepare();
        try (Served served = Served.start(options -> options.withApiKey("a-key"))) {
            Result result = run(Map.of("TERN_URL", served.server.url(), "TERN_KEY", "a-key", "TERN_MODEL", Served.NAME),
                    "node", "client.mjs");
            assertThat(result.exitCode()).as(result.output()).isZero();
            assertThat(result.output().lines()).containsExactly("chat", "streaming", "a stream that is left",
                    "logprobs", "schema", "a tool that has to be called", "completions", "models", "errors");
            served.awaitIdle();
        }
    }
}
