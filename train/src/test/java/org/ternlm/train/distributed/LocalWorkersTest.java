package org.ternlm.train.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LocalWorkersTest {
    /// Longer than any test waits: where workers end sooner, it is for another reason.
    private static final String LONG = "600";
    private static final int KILLED = 128 + 9;

    @TempDir
    private Path folder;

    private ChildJvm launch(Map<String, String> variables, String noticing, String saving, Class<?> main,
            String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(Integer.toString(arguments.length - 1), noticing, saving,
                main.getName()));
        all.addAll(List.of(arguments));
        return ChildJvm.start(folder, TestLauncher.class, variables, all.toArray(String[]::new));
    }

    private ChildJvm launchJob(String noticing, String saving, String... actions) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(folder.toString()));
        arguments.addAll(List.of(actions));
        return launch(Map.of(), noticing, saving, TestJob.class, arguments.toArray(String[]::new));
    }

    private ProcessHandle worker(int rank) throws IOException {
        Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(Files.readString(folder.resolve(
                "up-" + rank))));
        assertThat(process).as("rank %d", rank).isPresent();
        return process.get();
    }

    private static void assertEnds(ProcessHandle process) {
        assertThat(process.onExit()).succeedsWithin(ChildJvm.PATIENCE);
    }

    @Test
    void rankZeroHasTheTerminalAndTheOthersAPrefix() throws IOException, InterruptedException {
        String all = Integer.toString(Runtime.getRuntime().availableProcessors());
        try (ChildJvm launcher = launch(Map.of("OMP_NUM_THREADS", all), LONG, LONG, TestJob.class, folder.toString(),
                "speak", "speak")) {
            launcher.process().getOutputStream().write('x');
            launcher.process().getOutputStream().close();
            assertThat(launcher.exitCode()).as("%s", launcher).isZero();
            assertThat(launcher.out().lines()).startsWith("RANK=0", "LOCAL_RANK=0", "WORLD_SIZE=2",
                    "MASTER_ADDR=127.0.0.1", "OMP_NUM_THREADS=" + all).contains("terminals=null", "read 120");
            assertThat(launcher.error().lines()).contains("trouble: ß", "[rank 1] RANK=1", "[rank 1] LOCAL_RANK=1",
                    "[rank 1] terminals=", "[rank 1] read -1", "[rank 1] trouble: ß");
        }
    }

    @Test
    void theProcessorsAreShared() throws IOException, InterruptedException {
        int share = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        try (ChildJvm launcher = launch(Map.of("OMP_NUM_THREADS", ""), LONG, LONG, TestJob.class, folder.toString(),
                "speak", "speak")) {
            launcher.process().getOutputStream().close();
            assertThat(launcher.exitCode()).as("%s", launcher).isZero();
            assertThat(launcher.out()).contains("processors=" + share + System.lineSeparator(),
                    "OMP_NUM_THREADS=" + share + System.lineSeparator());
        }
    }

    @Test
    void workersOfThisMachineMeet() throws IOException, InterruptedException {
        try (ChildJvm launcher = ChildJvm.start(folder, TestLauncher.class, Map.of(), "2", "60", "60",
                TestWorker.class.getName(), "meet", "60", "60", "1")) {
            assertThat(launcher.exitCode()).as("%s", launcher).isZero();
            assertThat(launcher.out().lines()).containsExactly("joined", "closed");
            assertThat(launcher.error().lines()).containsExactly("[rank 1] joined", "[rank 1] closed");
        }
    }

    @Test
    void aWorkerThatFailsStopsTheOthers() throws IOException, InterruptedException {
        try (ChildJvm launcher = launchJob("1", LONG, "wait", "fail", "wait")) {
            assertThat(launcher.exitCode()).as("%s", launcher).isEqualTo(TestJob.FAILED);
            assertThat(launcher.error().lines()).containsExactly("rank 1 ended with exit code 7; the others stop");
            assertThat(folder.resolve("saved-0")).exists();
            assertThat(folder.resolve("saved-2")).exists();
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void workersThatDoNotListenAreKilled() throws IOException, InterruptedException {
        try (ChildJvm launcher = launchJob("1", "1", "deaf", "wait", "wait")) {
            TestJob.awaitAll(folder, 3);
            ProcessHandle deaf = worker(0);
            worker(1).destroyForcibly();
            assertThat(launcher.exitCode()).as("%s", launcher).isEqualTo(KILLED);
            assertEnds(deaf);
            assertThat(folder.resolve("saved-2")).exists();
            assertThat(folder.resolve("saved-0")).doesNotExist();
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void whoStopsTheLauncherStopsTheWorkers() throws IOException, InterruptedException {
        try (ChildJvm launcher = launchJob(LONG, LONG, "wait", "wait")) {
            TestJob.awaitAll(folder, 2);
            List<ProcessHandle> workers = List.of(worker(0), worker(1));
            launcher.process().destroy();
            launcher.exitCode();
            assertThat(workers).noneMatch(ProcessHandle::isAlive);
            assertThat(folder.resolve("saved-0")).exists();
            assertThat(folder.resolve("saved-1")).exists();
        }
    }

    @Test
    void workersDoNotOutliveAKilledLauncher() throws IOException, InterruptedException {
        try (ChildJvm launcher = launchJob(LONG, LONG, "wait", "wait")) {
            TestJob.awaitAll(folder, 2);
            List<ProcessHandle> workers = List.of(worker(0), worker(1));
            launcher.process().destroyForcibly();
            workers.forEach(LocalWorkersTest::assertEnds);
            assertThat(folder.resolve("saved-0")).exists();
            assertThat(folder.resolve("saved-1")).exists();
        }
    }

    @Test
    void aWorkerStartsNoWorkers() throws IOException, InterruptedException {
        try (ChildJvm launcher = launch(Map.of("RANK", "0"), LONG, LONG, TestJob.class, folder.toString(), "speak")) {
            assertThat(launcher.exitCode()).as("%s", launcher).isEqualTo(TestWorker.WRONG);
            assertThat(launcher.out()).startsWith("wrong: --nproc starts workers, but this process is one already: "
                    + "RANK is set");
        }
    }
}
