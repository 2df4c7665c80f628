package org.ternlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What the README shows is what happens.
class ReadmeTest {
    private static final Path ROOT = Path.of(System.getProperty("tern.root", ".."));

    @Test
    void theTranscriptIsReal() throws IOException, InterruptedException {
        Matcher transcript = Pattern.compile("```\n\\$ (\\./tern run [^\n]*)\n(.*?)\n```", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve("README.md")));
        assertThat(transcript.find()).isTrue();
        Process process = new ProcessBuilder("sh", "-c", transcript.group(1)).directory(ROOT.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String found = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(found.strip()).isEqualTo(transcript.group(2).strip());
    }
}
