package org.ternlm.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.generate.Sampling;
import org.ternlm.generate.Score;
import org.ternlm.generate.Session;
import org.ternlm.generate.Tern;

/// A cluster of two executors on this machine, one of which is killed, against one process.
@Tag("soak")
class ClusterTest {
    private static final int ROWS = Integer.getInteger("tern.spark.rows", 100_000);
    private static final int PATIENCE_SECONDS = 900;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        for (Process driver : started) {
            driver.descendants().forEach(ProcessHandle::destroyForcibly);
            driver.destroyForcibly();
        }
    }

    @Test
    void anExecutorKilledOnTheWayChangesNoRow() throws IOException, InterruptedException {
        Path model = TestSession.model("stories260K-llama-f32");
        Path said = folder.resolve("said");
        Path written = folder.resolve("rows");
        Process driver = DriverProcess.start(folder, System.getProperty("java.class.path"), ClusterJob.class.getName(),
                List
                        .of(model.toString(), Integer.toString(ROWS), written.toString()));
        started.add(driver);
        await(said, "ready");
        Duration begun = processorTime(driver);
        await(said, "kill one now");
        Duration taken = processorTime(driver).minus(begun);
        int before = count(said, "done ");
        while (count(said, "done ") < before + 20) {
            pause(said);
        }
        List<ProcessHandle> executors = driver.children().filter(ClusterTest::isJava).toList();
        assertThat(executors).hasSize(2);
        assertThat(executors.getFirst().destroyForcibly()).isTrue();
        await(said, "finished");
        assertThat(driver.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        String all = Files.readString(said);
        assertThat(all).contains("removed executor ").contains("%d of %d rows".formatted(ROWS, ROWS));
        System.out.println(all.lines().filter(line -> line.contains("rows")).toList());
        System.out.println("the undisturbed run took %.1f s of processors' time, %.0f rows/s of it".formatted(seconds(
                taken), ROWS / seconds(taken)));
        compare(model, written);
    }

    /// Of the driver and its executors. Machines that run tests are busy, and this is what does not depend on that.
    private static Duration processorTime(Process driver) {
        return Stream.concat(Stream.of(driver.toHandle()), driver.children()).map(process -> process.info()
                .totalCpuDuration().orElse(Duration.ZERO)).reduce(Duration.ZERO, Duration::plus);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static boolean isJava(ProcessHandle process) {
        return process.info().command().filter(command -> command.endsWith("java")).isPresent();
    }

    private void await(Path said, String line) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.readString(said).contains(line + "\n")) {
            assertThat(System.nanoTime()).as("waiting for \"%s\"", line).isLessThan(deadline);
            pause(said);
        }
    }

    private void pause(Path said) throws IOException, InterruptedException {
        assertThat(started.getFirst().isAlive() || Files.readString(said).contains("finished\n"))
                .as(Files.readString(said))
                .isTrue();
        Thread.sleep(20);
    }

    private static int count(Path said, String start) throws IOException {
        return (int) Files.readString(said).lines().filter(line -> line.startsWith(start)).count();
    }

    /// Every row against a scorer and a session of this process.
    private static void compare(Path model, Path written) throws IOException {
        try (Tern tern = Tern.open(model, 1);
                DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(written)))) {
            assertThat(in.readInt()).isEqualTo(ROWS);
            BitSet seen = new BitSet();
            long nanos = 0;
            long ownNanos = 0;
            for (int i = 0; i < ROWS; i++) {
                long id = in.readLong();
                seen.set((int) id);
                long start = System.nanoTime();
                long ownStart = THREADS.getCurrentThreadCpuTime();
                Score expected = tern.scorer().score(tern.tokenizer().encode(ShortTexts.of(id), true), 1);
                nanos += System.nanoTime() - start;
                ownNanos += THREADS.getCurrentThreadCpuTime() - ownStart;
                // Plain comparisons, a hundred thousand times.
                if (in.readDouble() != 0 - expected.sum() || in.readInt() != expected.logProbabilities().length || !in
                        .readBoolean()) {
                    throw new AssertionError("row %d is not as the scorer has it".formatted(id));
                }
            }
            assertThat(seen.cardinality()).isEqualTo(ROWS);
            System.out.println(
                    "one process, one thread: %d rows in %.1f s, %.0f/s; %.1f s of a processor's time, %.0f/s of it"
                            .formatted(ROWS, nanos / 1e9, ROWS * 1e9 / nanos, ownNanos / 1e9, ROWS * 1e9 / ownNanos));
            compareTexts(tern, in);
        }
    }

    private static void compareTexts(Tern tern, DataInputStream in) throws IOException {
        int count = in.readInt();
        assertThat(count).isEqualTo(ClusterJob.CONTINUED);
        try (Session session = tern.session()) {
            for (int i = 0; i < count; i++) {
                long id = in.readLong();
                Sampling sampling = ClusterJob.OPTIONS.sampling(Long.toString(id));
                assertThat(in.readUTF()).isEqualTo(session.generate(tern.request(ShortTexts.of(id)).withMaxTokens(8)
                        .withSampling(sampling), event -> {}).text());
            }
        }
    }
}
