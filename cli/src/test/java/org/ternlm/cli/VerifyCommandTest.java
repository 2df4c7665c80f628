package org.ternlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.command.ExitCode;

class VerifyCommandTest {
    @TempDir
    Path folder;

    @BeforeEach
    void haveAHome() {
        System.setProperty("tern.home", Run.home().toString());
        System.setProperty("HF_HUB_CACHE", folder.toString());
    }

    @AfterEach
    void haveNone() {
        System.clearProperty("tern.home");
        System.clearProperty("HF_HUB_CACHE");
    }

    @Test
    void aModelIsWhatOthersMeasured() {
        Run run = Run.tern("verify", "stories-260K");
        assertThat(run.out()).contains("hash        passed: ", "perplexity  passed: expected 3.4094", "19,401 tokens");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void aChangedModelFails() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("changed"));
        try (Stream<Path> files = Files.list(Path.of(Run.model("stories260K-llama-f32")))) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        Path weights = copy.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        // The sign of every 16th float from some place in the middle on.
        for (int at = 400_003; at < 440_000; at += 64) {
            bytes[at] ^= (byte) 0x80;
        }
        Files.write(weights, bytes);
        Run run = Run.tern("verify", "stories-260K", "-m", copy.toString());
        assertThat(run.out()).contains("hash        failed: ", "perplexity  failed: ", weights.toString());
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void whatIsNotHereIsNotRun() {
        Run named = Run.tern("verify", "2B4T", "--json");
        assertThat(named.out()).startsWith("{\"2b4t\":{\"weights\":{\"outcome\":\"not_run\"")
                .contains("tern pull microsoft/bitnet-b1.58-2B-4T-gguf");
        assertThat(named.exitCode()).as("asked for by name").isEqualTo(ExitCode.FAILED);
    }

    @Test
    void wrongRequestsAreOneLine() {
        assertThat(Run.tern("verify", "gpt-5").error()).startsWith("tern: no known model is called gpt-5").contains(
                "2b4t");
        assertThat(Run.tern("verify", "-m", "x").error()).startsWith("tern: -m needs the name");
        assertThat(Run.tern("verify", "2b4t", "--text", "nothing").error()).startsWith("tern: no such file: nothing");
    }
}
