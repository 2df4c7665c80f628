package org.ternlm.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.command.MemoryConsole;

/// `tern train CONFIG --nproc 2`.
class SeveralWorkersTest {
    private static final int PATIENCE_SECONDS = 180;

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private Path config(String output, int steps) throws IOException {
        TinyRuns.corpus(folder.resolve("corpus.txt"), 200);
        Path config = TinyRuns.config(folder, output, folder.resolve(output), steps);
        // Nothing is rounded to integers, where a float's last bit could decide.
        TinyRuns.change(config, "arm: b158", "arm: llama");
        return config;
    }

    private Process start(Path config, String... more) throws IOException {
        Process process = TrainProcess.start(config, folder.resolve("said"), more);
        started.add(process);
        return process;
    }

    private static List<JsonNode> steps(Path run) throws IOException {
        List<JsonNode> steps = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("log.jsonl"))) {
            JsonNode node = new ObjectMapper().readTree(line);
            if (node.has("loss")) {
                steps.add(node);
            }
        }
        return steps;
    }

    @Test
    void twoWorkersMakeTheStepsOfOne() throws IOException, InterruptedException {
        TinyRuns.train(config("one", 6), false, -1, new MemoryConsole());
        Process two = start(config("two", 6), "--nproc", "2");
        assertThat(two.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(two.exitValue()).as(Files.readString(folder.resolve("said"))).isZero();
        List<JsonNode> expected = steps(folder.resolve("one"));
        List<JsonNode> found = steps(folder.resolve("two"));
        assertThat(found).hasSameSizeAs(expected).hasSize(6);
        // Half a batch is multiplied in other blocks than a whole one, so products round differently: a few of a float's
        // last bits (6e-8 of the value), whereas a worker's share forgotten or counted twice would change tenths.
        assertThat(found.getFirst().get("loss").asDouble())
                .isCloseTo(expected.getFirst().get("loss").asDouble(), within(1e-6));
        assertThat(found.getFirst().get("gradient_norm").asDouble())
                .isCloseTo(expected.getFirst().get("gradient_norm").asDouble(), within(1e-5));
        for (int i = 0; i < 6; i++) {
            assertThat(found.get(i).get("loss").asDouble()).isCloseTo(expected.get(i).get("loss").asDouble(), within(
                    1e-4));
        }
        assertThat(folder.resolve("two/dense/model.safetensors")).exists();
    }

    @Test
    void aLostWorkerEndsTheRunWithACheckpointThatResumes() throws IOException, InterruptedException {
        Path config = config("lost", 100_000);
        Process launcher = start(config, "--nproc", "2");
        Path log = folder.resolve("lost/log.jsonl");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (launcher.isAlive() && (!Files.exists(log) || Files.readAllLines(log).size() < 5)) {
            assertThat(System.nanoTime()).as("steps within the time").isLessThan(deadline);
            Thread.sleep(50);
        }
        List<ProcessHandle> workers = launcher.children().toList();
        assertThat(workers).hasSize(2);
        // The launcher starts rank 0 first; the system tells starts apart by hundredths of a second only.
        ProcessHandle second = workers.stream().max(java.util.Comparator.<ProcessHandle, java.time.Instant>comparing(
                worker -> worker.info().startInstant().orElseThrow()).thenComparing(ProcessHandle::pid)).orElseThrow();
        second.destroyForcibly();
        assertThat(launcher.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(launcher.exitValue()).isNotZero();
        long made = steps(folder.resolve("lost")).size();
        assertThat(Checkpoint.latest(folder.resolve("lost/checkpoints")).orElseThrow().step()).isEqualTo(made);
        assertThat(Files.readString(folder.resolve("said"))).contains("rank 1",
                "the others stop too; every rank resumes with --resume from the last checkpoint");
        Path again = TinyRuns.config(folder, "lost", folder.resolve("lost"), (int) made + 3);
        TinyRuns.change(again, "arm: b158", "arm: llama");
        Process resumed = start(again, "--nproc", "2");
        assertThat(resumed.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(resumed.exitValue()).as(Files.readString(folder.resolve("said"))).isZero();
        assertThat(steps(folder.resolve("lost"))).hasSize((int) made + 3);
    }
}
