package org.ternlm.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Workers of a training as tasks of a barrier stage.
@DisabledOnOs(OS.WINDOWS)
class BarrierTrainingTest {
    private static final Path TERN = Path.of(System.getProperty("tern.root", ".."), "tern").toAbsolutePath()
            .normalize();

    @TempDir
    Path folder;

    private static void run(int workers, String... command) {
        BarrierTraining.run(TestSession.spark(), workers, List.of(command));
    }

    private static String messages(Throwable problem) {
        return Stream.iterate(problem, cause -> cause != null, Throwable::getCause).map(String::valueOf).reduce("",
                String::concat);
    }

    @Test
    void eachProcessKnowsItsPlace() throws IOException {
        run(2, "sh", "-c", "echo $WORLD_SIZE $MASTER_ADDR $MASTER_PORT > " + folder + "/rank$RANK");
        String first = Files.readString(folder.resolve("rank0")).strip();
        assertThat(first).matches("2 (localhost|127\\.0\\.0\\.1) \\d{1,5}");
        assertThat(Files.readString(folder.resolve("rank1")).strip()).isEqualTo(first);
    }

    @Test
    void aProcessThatFailsSaysWhyAndEndsTheOthers() {
        assertThatThrownBy(() -> run(2, "sh", "-c",
                "if [ $RANK = 1 ]; then echo the disk is full; exit 3; fi; exec sleep 100")).satisfies(
                        problem -> assertThat(messages(problem)).contains(
                                "rank 1 ended with exit code 3: the disk is full"));
        assertThatThrownBy(() -> run(1, "/nowhere/tern")).satisfies(problem -> assertThat(messages(problem)).contains(
                "rank 0: Cannot run program \"/nowhere/tern\""));
    }

    @Test
    void impossibleCallsAreRefused() {
        assertThatThrownBy(() -> run(0, "true")).isInstanceOf(IllegalArgumentException.class).hasMessage(
                "workers: expected 1 or more, found 0");
        assertThatThrownBy(() -> run(1)).isInstanceOf(IllegalArgumentException.class).hasMessage(
                "command: expected a program, found none");
        assertThatThrownBy(() -> BarrierTraining.main(new String[] {"two", "true"})).isInstanceOf(
                IllegalArgumentException.class).hasMessage("expected WORKERS COMMAND…, found two true");
    }

    /// The launcher builds training where it is missing.
    @Test
    @Tag("soak")
    void twoWorkersTrainAsTwoProcessesOfTheCommandDo() throws IOException, InterruptedException {
        Path corpus = Files.writeString(folder.resolve("corpus.txt"), IntStream.range(0, 300).mapToObj(
                number -> "the cat sat on mat %d and the dog ran home then\n\n".formatted(number)).collect(
                        Collectors
                                .joining()));
        Process alone = new ProcessBuilder(TERN.toString(), "train", config("alone", corpus).toString(), "--nproc", "2")
                .redirectErrorStream(true).redirectOutput(folder.resolve("said").toFile()).start();
        assertThat(alone.waitFor()).as(Files.readString(folder.resolve("said"))).isZero();
        run(2, TERN.toString(), "train", config("barrier", corpus).toString(), "--resume");
        List<Path> expected = files("alone");
        assertThat(files("barrier")).isEqualTo(expected).isNotEmpty();
        for (Path file : expected) {
            assertThat(folder.resolve("barrier").resolve(file)).as("%s", file).hasSameBinaryContentAs(folder.resolve(
                    "alone").resolve(file));
        }
    }

    private Path config(String name, Path corpus) throws IOException {
        return Files.writeString(folder.resolve(name + ".yaml"), """
                name: tiny
                model: {arm: b158, hidden: 32, feed_forward: 64, layers: 2, heads: 4, context: 32}
                tokenizer: {vocabulary: 280}
                data: {sources: %s, separator: "\\n\\n", validation_share: 0.05}
                recipe: {steps: 6, batch: 4, length: 32, rate: 0.01, precision: fp32}
                output: {folder: %s, checkpoint_every: 3, validate_every: 4, validation_tokens: 600}
                compute: {threads: 1}
                """.formatted(corpus, folder.resolve(name)));
    }

    /// The weights of all checkpoints, and the packed ones.
    private List<Path> files(String run) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(run))) {
            return files.filter(file -> file.toString().endsWith(".safetensors")).map(folder.resolve(run)::relativize)
                    .sorted().toList();
        }
    }
}
