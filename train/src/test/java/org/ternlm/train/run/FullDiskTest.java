package org.ternlm.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.command.CommandException;
import org.ternlm.command.ExitCode;
import org.ternlm.command.MemoryConsole;
import org.ternlm.train.TrainCommand;
import picocli.CommandLine;

/// A run whose folder gets full, or cannot be written, ends with one line, and goes on when there is room.
class FullDiskTest {
    @TempDir
    Path folder;

    private final MemoryConsole console = new MemoryConsole();
    private Path disk = Path.of("");
    private boolean mounted;

    @BeforeEach
    void writeCorpus() throws IOException {
        TinyRuns.corpus(folder.resolve("corpus.txt"), 300);
        disk = Files.createDirectory(folder.resolve("disk"));
    }

    private void mount(String options) throws Exception {
        boolean linux = System.getProperty("os.name").equals("Linux");
        mounted = linux && run("mount", "-t", "tmpfs", "-o", options, "tern-test", disk.toString());
        assumeTrue(mounted, "only root on Linux may mount a small disk");
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start().waitFor() == 0;
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(run("umount", "--lazy", disk.toString())).isTrue();
        }
    }

    private int train(Path config, String... options) throws IOException {
        TrainCommand command = new TrainCommand(console);
        new CommandLine(command).parseArgs(Stream.concat(Stream.of(config.toString()), Stream.of(options))
                .toArray(String[]::new));
        return command.call();
    }

    private static Map<String, byte[]> content(Path folder) throws IOException {
        Map<String, byte[]> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                content.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return content;
    }

    /// Leaves that many bytes on the disk.
    private Path fill(long left) throws IOException {
        Path ballast = disk.resolve("ballast");
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(new byte[4096]);
            }
        } catch (IOException full) {
            try (FileChannel channel = FileChannel.open(ballast, StandardOpenOption.WRITE)) {
                channel.truncate(Math.max(0, channel.size() - left));
            }
        }
        return ballast;
    }

    /// The log finds no room, or the weights, or the moments.
    @ParameterizedTest
    @ValueSource(longs = {0, 60_000, 200_000})
    @Tag("soak")
    void endsWithOneLineAndGoesOnWhenThereIsRoom(long left) throws Exception {
        Path whole = TinyRuns.config(folder, "whole", folder.resolve("whole"), 12);
        assertThat(train(whole)).isEqualTo(ExitCode.OK);
        mount("size=4m");
        Path run = disk.resolve("run");
        Path config = TinyRuns.config(folder, "full", run, 12);
        TinyRuns.train(config, false, 3, console);
        Map<String, byte[]> before = content(run.resolve("checkpoints"));
        Path ballast = fill(left);
        assertThatThrownBy(() -> train(config, "--resume")).isInstanceOf(CommandException.class)
                .hasMessage("cannot write %s: no space left on device; the last checkpoint, step-00000003, stands", run)
                .extracting(problem -> ((CommandException) problem).hint())
                .isEqualTo("when it can be written, --resume goes on");
        Map<String, byte[]> after = content(run.resolve("checkpoints"));
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach((name, bytes) -> assertThat(after.get(name)).as(name).isEqualTo(bytes));
        Files.delete(ballast);
        assertThat(train(config, "--resume")).isEqualTo(ExitCode.OK);
        assertThat(RunLogs.withoutTimes(run.resolve("log.jsonl")))
                .isEqualTo(RunLogs.withoutTimes(folder.resolve("whole/log.jsonl")));
    }

    /// Before the first step too: in the corpus and the vocabulary.
    @ParameterizedTest
    @ValueSource(longs = {8_192, 40_000})
    @Tag("soak")
    void endsWithOneLineBeforeTheFirstStep(long left) throws Exception {
        mount("size=4m");
        Path run = disk.resolve("run");
        Path config = TinyRuns.config(folder, "full", run, 3);
        Path ballast = fill(left);
        assertThatThrownBy(() -> train(config)).isInstanceOf(CommandException.class)
                .hasMessage("cannot write %s: no space left on device; there is no checkpoint yet", run);
        Files.delete(ballast);
        assertThat(train(config, "--resume")).isEqualTo(ExitCode.OK);
    }

    @Test
    @Tag("soak")
    void saysThatTheDiskIsReadOnly() throws Exception {
        mount("size=1m,ro");
        Path config = TinyRuns.config(folder, "fixed", disk.resolve("run"), 3);
        assertThatThrownBy(() -> train(config)).isInstanceOf(CommandException.class)
                .hasMessage("cannot write %s: read-only file system; there is no checkpoint yet", disk.resolve("run"));
    }

    @Test
    void saysThatAFileIsInTheWay() throws IOException {
        Path file = folder.resolve("corpus.txt");
        for (Path output : List.of(file, file.resolve("run"))) {
            Path config = TinyRuns.config(folder, "file", output, 3);
            assertThatThrownBy(() -> train(config)).isInstanceOf(CommandException.class)
                    .hasMessageStartingWith("cannot write " + output + ": ").hasMessageContaining(file.toString())
                    .hasMessageMatching(".*(is a file, expected a folder|Not a directory).*");
        }
    }
}
