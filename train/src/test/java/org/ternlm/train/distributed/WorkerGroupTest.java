package org.ternlm.train.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What workers compute together, each in a JVM of its own.
class WorkerGroupTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void allGetTheSame(int count) throws IOException, InterruptedException {
        try (Crew crew = Crew.start(folder, count, "compute", "60", "60", "1")) {
            for (ChildJvm worker : crew.workers()) {
                assertThat(worker.exitCode()).as("%s", worker).isZero();
                assertThat(worker.awaitLine("integers")).as("wrong sums of integers").isEqualTo("0");
                assertThat(worker.awaitLine("broadcast")).isEqualTo(worker.awaitLine("expected broadcast"));
            }
            assertThat(crew.lines("random, time 1:")).as("bits of the sums on all ranks").hasSize(1)
                    .isEqualTo(crew.lines("random, time 2:"));
            assertThat(crew.lines("broadcast")).hasSize(1);
            assertThat(crew.lines("long")).containsExactly(Long.toString(count == 2
                    ? Long.MAX_VALUE / 4 * 2 - 1
                    : Long.MAX_VALUE / 4 * 3 - 3));
            assertThat(crew.lines("anyone")).containsExactly("true false");
            assertThat(crew.lines("double")).hasSize(1);
            double expected = count == 2 ? Math.PI + Math.PI / 2 : Math.PI + Math.PI / 2 + Math.PI / 3;
            assertThat(Double.parseDouble(crew.lines("double").getFirst())).isCloseTo(expected,
                    offset(Math.ulp(expected)));
        }
    }

    @Test
    void nothingElseIsPrinted() throws IOException, InterruptedException {
        try (Crew crew = Crew.start(folder, 2, "leak", "60", "60", "1")) {
            for (ChildJvm worker : crew.workers()) {
                assertThat(worker.exitCode()).as("%s", worker).isZero();
                assertThat(worker.out().lines()).containsExactly("joined", "more objects 0", "closed");
                assertThat(worker.error()).isEmpty();
            }
        }
    }

    /// Writes how long: for the documentation.
    @Test
    @Tag("soak")
    void theGradientsOfASmallModelTravelFast() throws IOException, InterruptedException {
        try (Crew crew = Crew.start(folder, 2, "time", "60", "60", "1")) {
            for (ChildJvm worker : crew.workers()) {
                String times = worker.awaitLine("milliseconds: ");
                System.out.println("sum of 13.8 M floats over two processes, milliseconds: " + times);
                assertThat(Double.parseDouble(times.substring(times.lastIndexOf(' ')))).isLessThan(1000);
            }
        }
    }

    @Test
    void aProcessAloneNeedsNoLibtorch() throws IOException, InterruptedException {
        try (ChildJvm alone = ChildJvm.withoutLibtorch(folder, TestAlone.class)) {
            assertThat(alone.exitCode()).as("%s", alone).isZero();
            assertThat(alone.out().lines()).containsExactly("0 of 1, first true, 0.1 3 true false");
        }
    }
}
