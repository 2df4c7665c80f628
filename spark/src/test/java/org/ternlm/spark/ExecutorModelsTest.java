package org.ternlm.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ternlm.spark.TestSession.TEXTS;
import static org.ternlm.spark.TestSession.frame;
import static org.ternlm.spark.TestSession.sorted;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.spark.ExecutorModels.Lease;

/// One open model for all tasks of a process.
class ExecutorModelsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void begin() {
        ExecutorModels.closeUnused();
    }

    @Test
    void tasksShareAModelThatStaysOpenUntilAnotherIsWanted() {
        SparkModel model = TestSession.stories();
        try (Lease one = ExecutorModels.lease(model); Lease other = ExecutorModels.lease(TestSession.stories())) {
            assertThat(other.model()).isSameAs(one.model());
            assertThat(ExecutorModels.open()).isEqualTo(1);
        }
        ExecutorModel kept;
        try (Lease again = ExecutorModels.lease(model)) {
            kept = again.model();
            try (Lease second = ExecutorModels.lease(model.withSequences(3))) {
                assertThat(second.model()).isNotSameAs(kept);
                assertThat(ExecutorModels.open()).isEqualTo(2);
            }
        }
        try (Lease third = ExecutorModels.lease(model.withSequences(5))) {
            assertThat(third.model().scheduler().options().sequences()).isEqualTo(5);
            assertThat(ExecutorModels.open()).as("the others are closed").isEqualTo(1);
        }
        assertThat(kept.scheduler().state().running()).isZero();
    }

    @Test
    void aModelThatFailedIsOpenedAnew() {
        Lease failed = ExecutorModels.lease(TestSession.stories());
        failed.discard();
        failed.discard();
        try (Lease next = ExecutorModels.lease(TestSession.stories())) {
            assertThat(next.model()).isNotSameAs(failed.model());
            failed.close();
            failed.close();
            assertThat(ExecutorModels.open()).isEqualTo(1);
            assertThat(next.model().scorer().score(new int[] {1, 2}, 1).logProbabilities()).hasSize(1);
        }
    }

    @Test
    void jobsLetGoOfTheModelAndLeaveItOpen() {
        TernSpark tern = TernSpark.of(TestSession.spark(), TestSession.stories());
        tern.score(frame(TEXTS, 6), ScoreOptions.of("text")).collectAsList();
        // Its first row is enough, so tasks end with rows under way.
        tern.score(frame(new ArrayList<>(java.util.Collections.nCopies(200, "A cat sat.")), 2), ScoreOptions.of("text"))
                .limit(1).collectAsList();
        assertThat(ExecutorModels.open()).isEqualTo(1);
        ExecutorModels.closeUnused();
        assertThat(ExecutorModels.open()).as("no task has forgotten it").isZero();
    }

    @Test
    void aModelThatSparkShips() throws IOException {
        // As long as the session, whose every later task fetches it.
        Path archive = Path.of("target", "stories.zip").toAbsolutePath();
        try (OutputStream out = Files.newOutputStream(archive);
                ZipOutputStream zip = new ZipOutputStream(out);
                Stream<Path> files = Files.list(TestSession.model("stories260K-llama-f32"))) {
            for (Path file : files.toList()) {
                zip.putNextEntry(new ZipEntry(file.getFileName().toString()));
                Files.copy(file, zip);
            }
        }
        TestSession.spark().sparkContext().addArchive(archive + "#shipped");
        SparkModel model = SparkModel.shipped("shipped").withThreads(1);
        assertThat(model.fingerprint()).isEqualTo(TestSession.stories().fingerprint());
        List<Row> shipped = sorted(TernSpark.of(TestSession.spark(), model).score(frame(TEXTS, 2), ScoreOptions.of(
                "text")));
        assertThat(shipped).isEqualTo(sorted(TernSpark.of(TestSession.spark(), TestSession.stories()).score(frame(TEXTS,
                2), ScoreOptions.of("text"))));
    }

    @Test
    void theFingerprintIsOfContentsAndNames() throws IOException {
        Path one = Files.createDirectory(folder.resolve("one"));
        Files.writeString(one.resolve("config.json"), "{}");
        Files.writeString(one.resolve("tokenizer.json"), "[]");
        String before = Fingerprint.of(one);
        Files.writeString(one.resolve("README.md"), "No answer depends on it.");
        assertThat(Fingerprint.of(one)).isEqualTo(before).matches("[0-9a-f]{64}");
        Files.move(one.resolve("tokenizer.json"), one.resolve("tokens.json"));
        assertThat(Fingerprint.of(one)).isNotEqualTo(before);
        // By hand: echo -n abc | sha256sum
        Path file = Files.writeString(folder.resolve("m.gguf"), "abc");
        assertThat(Fingerprint.of(file)).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        // By hand: printf '\0\0\0\0\0\0\0\007key' | sha256sum
        assertThat(Long.toHexString(RowSeed.of(7, "key"))).isEqualTo("c7c3f6d6d662e2bd");
    }
}
