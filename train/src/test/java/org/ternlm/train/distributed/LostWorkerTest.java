package org.ternlm.train.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of workers that lose one of them in the middle of the work.
class LostWorkerTest {
    /// Much less than the timeout of the operations, which is not what ends them here.
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String NEXT = "(the others stop too; every rank resumes with --resume from the last checkpoint)";

    @TempDir
    private Path folder;

    @Test
    void theOthersNameAWorkerThatWasKilled() throws IOException, InterruptedException {
        try (Crew crew = Crew.start(folder, 3, "work", "60", "120", "1")) {
            crew.lines("working");
            long start = System.nanoTime();
            crew.worker(1).process().destroyForcibly();
            for (int rank : new int[] {0, 2}) {
                assertLost(crew, rank, 1, "is gone");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        }
    }

    @Test
    void rankZeroTakesTheStoreAlong() throws IOException, InterruptedException {
        try (Crew crew = Crew.start(folder, 3, "work", "60", "120", "1")) {
            crew.lines("working");
            crew.worker(0).process().destroyForcibly();
            assertLost(crew, 1, 0, "is gone");
            assertLost(crew, 2, 0, "is gone");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aWorkerMayHangForSoLong(int hanging) throws IOException, InterruptedException {
        try (Crew crew = Crew.start(folder, 2, "rank " + hanging + " hangs", "60", "3", "1")) {
            crew.lines("working");
            assertLost(crew, 1 - hanging, hanging, "does not answer, nothing came for 3 s");
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aStoreThatHangsHoldsNobodyUp() throws IOException, InterruptedException {
        try (Crew crew = Crew.start(folder, 2, "work", "60", "3", "1")) {
            crew.lines("working");
            String process = Long.toString(crew.worker(0).process().pid());
            assertThat(new ProcessBuilder("kill", "-STOP", process).start().waitFor()).isZero();
            assertLost(crew, 1, 0, "does not answer, nothing came for 3 s");
        }
    }

    @Test
    void aWorkerMayLeave() throws IOException, InterruptedException {
        try (Crew crew = Crew.start(folder, 3, "rank 1 leaves", "60", "120", "1")) {
            assertThat(crew.worker(1).exitCode()).isZero();
            assertLost(crew, 0, 1, "has left");
            assertLost(crew, 2, 1, "has left");
        }
    }

    private static void assertLost(Crew crew, int seenBy, int lost, String how)
            throws IOException, InterruptedException {
        ChildJvm worker = crew.worker(seenBy);
        assertThat(worker.exitCode()).as("%s", worker).isEqualTo(TestWorker.LOST);
        assertThat(worker.awaitLine("lost: ")).startsWith("rank %d stopped while summing ".formatted(seenBy))
                .contains("floats: rank %d (process %d on ".formatted(lost, crew.worker(lost).process().pid()))
                .contains(") " + how).endsWith(NEXT);
        assertThat(worker.error()).isEmpty();
        assertThat(worker.out().lines().toList().getLast()).isEqualTo("closed");
    }
}
