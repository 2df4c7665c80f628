package org.ternlm.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.ternlm.hub.PullReport.PulledFile;

/// Pulls from a hub that works.
class PullTest extends HubTest {

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void laysFilesOutAsHuggingFaceDoes() throws Exception {
        PullReport report = pull();
        assertThat(report.folder()).isEqualTo(snapshot());
        assertThat(report.files()).containsExactly(new PulledFile("config.json", 2, true),
                new PulledFile("tokenizer.json", 9, true), new PulledFile(MODEL, 100_000, true));
        assertThat(Files.readString(repository().resolve("refs/main"))).isEqualTo(TestHub.COMMIT);
        assertThat(Files.readSymbolicLink(snapshot().resolve(MODEL))).isEqualTo(Path.of("../../blobs").resolve(
                blob().getFileName()));
        // What `git hash-object` says of a file that holds {}.
        assertThat(Files.readSymbolicLink(snapshot().resolve("config.json"))).isEqualTo(Path.of(
                "../../blobs/9e26dfeeb6e641a33dae4961196235bdb965b21b"));
        for (String file : List.of("config.json", "tokenizer.json", MODEL)) {
            assertThat(pulled(file)).as(file).isEqualTo(hub.file(file));
        }
        try (Stream<Path> left = Files.walk(repository())) {
            assertThat(left.filter(path -> path.toString().endsWith(".incomplete") || path.toString().endsWith(
                    ".partial"))).isEmpty();
        }
    }

    @Test
    void aSecondPullDownloadsNothing() throws Exception {
        pull();
        hub.asked.clear();
        PullReport again = pull();
        assertThat(again.downloads()).isZero();
        assertThat(again.checked()).isTrue();
        assertThat(again.files()).hasSize(3);
        assertThat(hub.asked).allMatch(asked -> asked.path().startsWith("/api/")).hasSize(2);
    }

    @Test
    void patternsChooseTheFiles() throws Exception {
        hub.files.put("folder/größer #1.txt", TestHub.text("a name to be encoded"));
        PullReport report = pull(new FileSelection(List.of("*.bin", "folder/"), List.of("*.json")));
        assertThat(report.files()).extracting(PulledFile::path).containsExactly("pytorch_model.bin",
                "folder/größer #1.txt");
        assertThat(pulled("folder/größer #1.txt")).isEqualTo(hub.file("folder/größer #1.txt"));
    }

    @Test
    void aCommitNeedsNoReference() throws Exception {
        PullReport report = new Pull(settings(), PullListener.NONE, TestHub.SHORT).run(ModelReference.parse(
                "hf:org/tiny@" + TestHub.COMMIT), FileSelection.NEEDED);
        assertThat(report.folder()).isEqualTo(snapshot());
        assertThat(repository().resolve("refs")).doesNotExist();
    }

    @Test
    void followsThePagesOfALongListing() throws Exception {
        String path = TestHub.API + "tree/" + TestHub.COMMIT;
        hub.next(path, exchange -> {
            exchange.getResponseHeaders().add("Link", "<" + hub.address("127.0.0.1") + path
                    + "?cursor=2>; rel=\"next\"");
            TestHub.send(exchange, 200, TestHub.text("[" + hub.listed("config.json") + "]"));
        });
        hub.next(path, exchange -> TestHub.send(exchange, 200, TestHub.text("[" + hub.listed(MODEL) + "]")));
        assertThat(pull().files()).extracting(PulledFile::path).containsExactly("config.json", MODEL);
    }

    @Test
    void oneContentWithTwoNamesIsFetchedOnce() throws Exception {
        hub.files.put("tokenizer.model", hub.file("tokenizer.json"));
        assertThat(pull().files()).hasSize(4).allMatch(PulledFile::downloaded);
        assertThat(pulled("tokenizer.model")).isEqualTo(hub.file("tokenizer.json"));
        assertThat(hub.asked(TestHub.RESOLVE + "tokenizer.json").size()
                + hub.asked(TestHub.RESOLVE + "tokenizer.model").size()).isEqualTo(1);
    }

    @Test
    void twoAtOnceFetchEachFileOnce() throws Exception {
        CountDownLatch bothAsked = new CountDownLatch(2);
        hub.always(MODEL_PATH, exchange -> {
            await(bothAsked);
            hub.usual(exchange);
        });
        Callable<PullReport> pull = () -> {
            AtomicLong left = new AtomicLong();
            PullReport report = new Pull(settings(), countingDown(left, bothAsked), TestHub.SHORT).run(TestHub.TINY,
                    FileSelection.NEEDED);
            assertThat(left).as("each pull comes to its own end").hasValue(0);
            return report;
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<PullReport>> both = threads.invokeAll(List.of(pull, pull));
            for (Future<PullReport> one : both) {
                assertThat(one.get().files()).hasSize(3);
            }
        }
        assertThat(pulled(MODEL)).isEqualTo(hub.file(MODEL));
        assertThat(hub.asked(MODEL_PATH)).hasSize(1);
    }

    @Test
    void progressAddsUpToTheTotal() throws Exception {
        Files.createDirectories(partial().getParent());
        Files.write(partial(), Arrays.copyOf(hub.file(MODEL), 40_000));
        AtomicLong bytes = new AtomicLong();
        new Pull(settings(), counting(bytes), TestHub.SHORT).run(TestHub.TINY, FileSelection.NEEDED);
        assertThat(bytes).hasValue(100_011);
    }

    @Test
    void whatIsInTheCacheServesWithoutAHub() throws Exception {
        assertThatThrownBy(() -> offline()).isInstanceOf(HubException.class).hasMessageContaining(
                "org/tiny is not in the cache");
        assertThat(hub.asked).isEmpty();
        pull();
        hub.asked.clear();
        PullReport report = offline();
        assertThat(report.checked()).isFalse();
        assertThat(report.folder()).isEqualTo(snapshot());
        assertThat(report.files()).extracting(PulledFile::path).contains(MODEL);
        assertThat(hub.asked).isEmpty();
        hub.close();
        assertThat(pull()).isEqualTo(report);
        Files.delete(blob());
        assertThatThrownBy(this::pull).isInstanceOf(HubException.class).hasMessageContaining("cannot connect");
    }

    @Test
    void aSnapshotShowsNothingBeforeEverythingHasArrived() throws Exception {
        hub.always(MODEL_PATH, TestHub.status(404));
        assertThatThrownBy(this::pull).isInstanceOf(HubException.class);
        assertThat(snapshot()).doesNotExist();
        assertThat(repository().resolve("refs")).doesNotExist();
    }

    @Test
    void whereLinksAreImpossibleFilesAreCopied() throws Exception {
        pull();
        RepositoryCache cache = RepositoryCache.of(home.resolve("hub"), TestHub.TINY.repository());
        RemoteFile file = new RemoteFile(MODEL, 100_000, new Checksum.Sha256(blob().getFileName().toString()));
        RepositoryCache.Placing impossible = (entry, blob) -> {
            throw new UnsupportedOperationException();
        };
        Files.delete(snapshot().resolve(MODEL));
        cache.place(TestHub.COMMIT, file, List.of(impossible, RepositoryCache.PLACINGS.get(1)));
        assertThat(Files.isSameFile(snapshot().resolve(MODEL), blob())).isTrue();
        assertThat(Files.isSymbolicLink(snapshot().resolve(MODEL))).isFalse();
        Files.delete(snapshot().resolve(MODEL));
        cache.place(TestHub.COMMIT, file, List.of(impossible, impossible, RepositoryCache.PLACINGS.get(2)));
        assertThat(Files.isSameFile(snapshot().resolve(MODEL), blob())).isFalse();
        assertThat(pulled(MODEL)).isEqualTo(hub.file(MODEL));
        Files.delete(blob());
        hub.asked.clear();
        assertThat(pull().downloads()).as("a copy is enough").isZero();
    }

    @Test
    void theTokenComesFromTheVariableOrTheFile() throws Exception {
        Files.writeString(home.resolve("token"), "hf_file\n");
        pull();
        assertThat(hub.asked).allMatch(asked -> "Bearer hf_file".equals(asked.token())).isNotEmpty();
        hub.asked.clear();
        new Pull(settings(Map.of("HF_TOKEN", "hf_variable")), PullListener.NONE, TestHub.SHORT).run(TestHub.TINY,
                FileSelection.NEEDED);
        assertThat(hub.asked).allMatch(asked -> "Bearer hf_variable".equals(asked.token())).isNotEmpty();
        assertThat(settings(Map.of("HF_TOKEN", "hf_variable")).toString()).doesNotContain("hf_variable");
    }

    private PullReport offline() throws IOException, InterruptedException {
        return new Pull(settings(Map.of("HF_HUB_OFFLINE", "1")), PullListener.NONE, TestHub.SHORT).run(TestHub.TINY,
                FileSelection.NEEDED);
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    /// What one pull has yet to fetch. The other may have finished small files before this one asked.
    private static PullListener countingDown(AtomicLong left, CountDownLatch started) {
        return new PullListener() {
            @Override
            public void starts(int files, long total, long before) {
                left.addAndGet(total - before);
                started.countDown();
            }

            @Override
            public void advances(long more) {
                left.addAndGet(-more);
            }

            @Override
            public void waits(String path) {}
        };
    }

    private static PullListener counting(AtomicLong bytes) {
        return new PullListener() {
            @Override
            public void starts(int files, long total, long before) {
                bytes.addAndGet(before);
            }

            @Override
            public void advances(long more) {
                bytes.addAndGet(more);
            }

            @Override
            public void waits(String path) {}
        };
    }
}
