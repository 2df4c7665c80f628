package org.ternlm.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.command.MemoryConsole;

/// A run that is killed (SIGKILL) again and again, and resumed, ends with the files of one that nothing interrupted.
class KilledRunTest {
    private static final Pattern STEP = Pattern.compile("\\{\"step\":(\\d+)");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private final Random random = new Random(7);
    private final List<Kill> kills = new ArrayList<>();
    private Path run = Path.of("");
    private Path said = Path.of("");

    /// What a run does when it is killed.
    private enum Moment {
        START, VOCABULARY, CORPUS, STEP, CHECKPOINT, PACKING
    }

    /// What a kill left.
    ///
    /// @param millis how long the process lived
    /// @param step the last in the log, 0 without
    /// @param torn whether half a checkpoint lay there
    private record Kill(Moment moment, long millis, long step, boolean torn) {}

    @Test
    void twoKillsChangeNothing(TestReporter reporter) throws Exception {
        endsLikeAnUninterruptedRun(300, 40, List.of(Moment.STEP, Moment.CHECKPOINT), reporter);
        assertThat(kills).filteredOn(kill -> kill.step > 0 && kill.step < 40).isNotEmpty();
    }

    @Test
    @Tag("soak")
    void tenKillsChangeNothing(TestReporter reporter) throws Exception {
        endsLikeAnUninterruptedRun(6000, 150, List.of(Moment.START, Moment.VOCABULARY, Moment.CORPUS, Moment.STEP,
                Moment.CHECKPOINT, Moment.STEP, Moment.CHECKPOINT, Moment.STEP, Moment.CHECKPOINT, Moment.PACKING),
                reporter);
        assertThat(kills).filteredOn(kill -> kill.step > 0 && kill.step < 150).hasSizeGreaterThanOrEqualTo(5);
        assertThat(kills).as("half a checkpoint was there").anyMatch(Kill::torn);
    }

    private void endsLikeAnUninterruptedRun(int documents, int steps, List<Moment> moments, TestReporter reporter)
            throws Exception {
        TinyRuns.corpus(folder.resolve("corpus.txt"), documents);
        Path whole = folder.resolve("whole");
        TinyRuns.train(TinyRuns.config(folder, "whole", whole, steps), false, -1, new MemoryConsole());
        run = folder.resolve("killed");
        said = folder.resolve("said.txt");
        Path config = TinyRuns.config(folder, "killed", run, steps);
        for (Moment moment : moments) {
            kill(config, moment);
        }
        reporter.publishEntry("kills", kills.toString());
        Process last = TrainProcess.start(config, said);
        assertThat(last.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(last.exitValue()).as(Files.readString(said)).isZero();
        assertThat(RunLogs.withoutTimes(run.resolve("log.jsonl")))
                .isEqualTo(RunLogs.withoutTimes(whole.resolve("log.jsonl"))).hasSizeGreaterThan(steps);
        String end = "checkpoints/step-%08d/".formatted(steps);
        for (String file : List.of(end + "model.safetensors", end + "optimizer.safetensors", end + "training.json",
                "packed/model.safetensors", "tokenizer/tokenizer.json")) {
            assertThat(run.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
        }
        assertThat(isTorn()).as("left-overs are gone").isFalse();
    }

    private void kill(Path config, Moment moment) throws Exception {
        long target = lastStep() + 4 + random.nextInt(8);
        long startDelay = random.nextInt(800);
        long delay = switch (moment) {
            case START -> 0;
            case VOCABULARY, PACKING -> random.nextInt(20);
            case STEP -> random.nextInt(10);
            // Half a shard or half a checkpoint lives for a few milliseconds.
            case CORPUS, CHECKPOINT -> 0;
        };
        long start = System.nanoTime();
        Process process = TrainProcess.start(config, said);
        try {
            while (process.isAlive() && !isReached(moment, target, (System.nanoTime() - start) / 1_000_000 - startDelay)
                    && System.nanoTime() - start < PATIENCE.toNanos()) {
                Thread.sleep(1);
            }
            Thread.sleep(delay);
            assertThat(process.isAlive()).as("%s came, then: %s", moment, Files.readString(said)).isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
        kills.add(new Kill(moment, (System.nanoTime() - start) / 1_000_000, lastStep(), isTorn()));
        for (Checkpoint checkpoint : Checkpoint.list(run.resolve("checkpoints"))) {
            assertThat(checkpoint.folder()).isDirectoryContaining("glob:**/model.safetensors")
                    .isDirectoryContaining("glob:**/training.json");
        }
    }

    private boolean isReached(Moment moment, long target, long millisAfterStart) throws IOException {
        return switch (moment) {
            case START -> millisAfterStart >= 0;
            case VOCABULARY -> Files.readString(said).contains("learning a vocabulary");
            case CORPUS -> isWritingCorpus();
            case STEP -> lastStep() >= target;
            case CHECKPOINT -> lastStep() >= target && isTorn();
            case PACKING -> Files.exists(run.resolve("packed"));
        };
    }

    /// Or has written it, should that have been too quick to be seen.
    private boolean isWritingCorpus() throws IOException {
        Path corpus = run.resolve("corpus");
        if (!Files.isDirectory(corpus)) {
            return false;
        }
        try (Stream<Path> files = Files.list(corpus)) {
            return files.map(Path::toString).anyMatch(name -> name.endsWith(".partial") || name.endsWith(".json"));
        }
    }

    private long lastStep() throws IOException {
        Path log = run.resolve("log.jsonl");
        Matcher steps = STEP.matcher(Files.exists(log) ? Files.readString(log) : "");
        long last = 0;
        while (steps.find()) {
            last = Long.parseLong(steps.group(1));
        }
        return last;
    }

    private boolean isTorn() throws IOException {
        Path checkpoints = run.resolve("checkpoints");
        if (!Files.isDirectory(checkpoints)) {
            return false;
        }
        try (Stream<Path> files = Files.list(checkpoints)) {
            return files.anyMatch(file -> file.getFileName().toString().matches("\\.step-\\d+\\.partial"));
        }
    }
}
