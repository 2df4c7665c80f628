package org.ternlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `tern run` as people start it.
@DisabledOnOs(OS.WINDOWS)
class RunTest {
    private static final Path TERN = Path.of(System.getProperty("tern.root")).resolve("tern");
    private static final String STORY = "Once upon a time, there was a little girl named Lily. She loved to play with her toys and make new friends. One day, she found a big box of";

    @TempDir
    static Path elsewhere;

    @BeforeAll
    static void makeTheCache() throws Exception {
        Launch first = Launch.of(TERN, elsewhere, Map.of(), "--version");
        assertThat(first.exitCode()).as(first.error()).isZero();
    }

    @Test
    void tellsAStoryAndNothingElse() throws Exception {
        Launch run = Launch.of(TERN, elsewhere, Map.of(), "run", "--temperature", "0", "-n", "30", "Once upon a time");
        assertThat(run).isEqualTo(new Launch(0, STORY + "\n", ""));
    }

    @Test
    void aLocalModelLoadsNothingOfTheHub() throws Exception {
        Path log = elsewhere.resolve("classes.txt");
        Launch run = Launch.of(TERN, elsewhere, Map.of("TERN_JAVA_OPTS", "-Xlog:class+load:file=" + log), "run",
                "--temperature", "0", "-n", "4", "Once upon a time");
        assertThat(run.exitCode()).as(run.error()).isZero();
        assertThat(Files.readString(log)).contains("org.ternlm.cli.run.RunCommand").doesNotContain("org.ternlm.hub",
                "org.ternlm.cli.pull", "java.net.http");
    }

    @Test
    void endsQuietlyWhenItsReaderHasGone() throws Exception {
        Process shell = shell("\"$0\" run --temperature 0 -n 200 --ignore-eos 'Once upon a time' | head -c 10");
        String out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String error = new String(shell.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(out).isEqualTo(STORY.substring(0, 10));
        assertThat(error).isEmpty();
    }

    /// Interpreted, the whole text would take long.
    @Test
    void controlCEndsTheTextInOrder() throws Exception {
        Process run = shell("TERN_JAVA_OPTS=-Xint exec \"$0\" run -n 500 --ignore-eos --stats 'Once upon a time'");
        BufferedReader out = run.inputReader(StandardCharsets.UTF_8);
        readFully(out, new char["Once upon a time, ".length()]);
        new ProcessBuilder("kill", "-INT", Long.toString(run.pid())).start().waitFor();
        assertThat(run.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(run.exitValue()).isEqualTo(130);
        assertThat(run.descendants()).isEmpty();
        StringWriter rest = new StringWriter();
        out.transferTo(rest);
        assertThat(rest.toString()).endsWith("\n");
        assertThat(run.errorReader(StandardCharsets.UTF_8).lines()).anyMatch(line -> line.contains(
                "ended by cancelled"));
    }

    private static void readFully(BufferedReader reader, char[] target) throws IOException {
        for (int at = 0; at < target.length;) {
            int count = reader.read(target, at, target.length - at);
            assertThat(count).isPositive();
            at += count;
        }
    }

    private static Process shell(String script) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script, TERN.toString()).directory(elsewhere.toFile());
        List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS").forEach(builder.environment()::remove);
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }
}
