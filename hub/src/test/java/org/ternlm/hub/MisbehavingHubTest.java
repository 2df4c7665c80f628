package org.ternlm.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.hub.HubException.Kind;
import org.ternlm.hub.TestHub.Asked;

/// Pulls from a hub, or through a network, that does what it should not.
class MisbehavingHubTest extends HubTest {

    private HubException failure() {
        return catchThrowableOfType(HubException.class, this::pull);
    }

    @Test
    void anAnswerCutShortIsResumed() throws Exception {
        hub.next(MODEL_PATH, TestHub.cutAfter(hub.file(MODEL), 40_000));
        pull();
        assertThat(pulled(MODEL)).isEqualTo(hub.file(MODEL));
        assertThat(hub.asked(MODEL_PATH)).extracting(Asked::range).containsExactly(null, "bytes=40000-");
    }

    @Test
    void aServerThatIgnoresRangesIsReadFromTheStart() throws Exception {
        hub.next(MODEL_PATH, TestHub.cutAfter(hub.file(MODEL), 40_000));
        hub.next(MODEL_PATH, exchange -> TestHub.send(exchange, 200, hub.file(MODEL)));
        pull();
        assertThat(pulled(MODEL)).isEqualTo(hub.file(MODEL));
        assertThat(hub.asked(MODEL_PATH)).hasSize(2);
    }

    @Test
    void anotherRangeThanAskedForIsNotTaken() throws Exception {
        hub.next(MODEL_PATH, TestHub.cutAfter(hub.file(MODEL), 40_000));
        hub.next(MODEL_PATH, exchange -> {
            exchange.getResponseHeaders().add("Content-Range", "bytes 0-99999/100000");
            TestHub.send(exchange, 206, hub.file(MODEL));
        });
        pull();
        assertThat(pulled(MODEL)).isEqualTo(hub.file(MODEL));
    }

    @Test
    void aServerThatStartsAnewAndIsCutForEverIsGivenUp() {
        hub.always(MODEL_PATH, TestHub.cutAfter(hub.file(MODEL), 40_000));
        assertThat(failure().kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(hub.asked(MODEL_PATH)).hasSizeBetween(4, 5);
    }

    @Test
    void manyCutsAreNoReasonToGiveUpWhileTheFileGrows() throws Exception {
        byte[] file = hub.file(MODEL);
        for (int i = 0; i < 10; i++) {
            int from = i * 10_000;
            hub.next(MODEL_PATH, exchange -> {
                exchange.getResponseHeaders().add("Content-Range", "bytes %d-99999/100000".formatted(from));
                exchange.sendResponseHeaders(from == 0 ? 200 : 206, file.length - from);
                exchange.getResponseBody().write(file, from, 10_000);
            });
        }
        pull();
        assertThat(pulled(MODEL)).isEqualTo(file);
        assertThat(hub.asked(MODEL_PATH)).hasSize(10).last().extracting(Asked::range).isEqualTo("bytes=90000-");
    }

    @Test
    void aFileShorterThanListedIsNotTaken() {
        byte[] shorter = Arrays.copyOf(hub.file(MODEL), 99_999);
        hub.listed(MODEL);
        hub.files.put(MODEL, shorter);
        HubException problem = failure();
        assertThat(problem).hasMessageStartingWith("model.safetensors: ");
        assertThat(problem.isTemporary()).isTrue();
        assertThat(snapshot()).doesNotExist();
    }

    @Test
    void aFileLongerThanListedIsNotTaken() {
        hub.listed(MODEL);
        hub.files.put(MODEL, Arrays.copyOf(hub.file(MODEL), 100_001));
        HubException problem = failure();
        assertThat(problem).hasMessage("model.safetensors: more than the 100,000 bytes arrived that the hub lists");
        assertThat(problem.kind()).isEqualTo(Kind.DAMAGED);
        assertThat(partial()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {MODEL, "config.json"})
    void aWrongChecksumRemovesTheFile(String file) {
        hub.listed(file);
        byte[] wrong = hub.file(file).clone();
        wrong[1] ^= 1;
        hub.files.put(file, wrong);
        HubException problem = failure();
        assertThat(problem.kind()).isEqualTo(Kind.DAMAGED);
        assertThat(problem).hasMessageStartingWith(file + ": what arrived does not have the checksum");
        assertThat(problem.hint()).contains("removed", "try again");
        String name = hub.listed(file).has("lfs")
                ? hub.listed(file).at("/lfs/oid").asText()
                : hub.listed(file).path("oid").asText();
        assertThat(repository().resolve("blobs").resolve(name)).doesNotExist();
        assertThat(repository().resolve("blobs").resolve(name + ".incomplete")).doesNotExist();
    }

    @Test
    void aDamagedBeginningFromEarlierIsFetchedAnew() throws Exception {
        Files.createDirectories(partial().getParent());
        Files.write(partial(), new byte[30_000]);
        pull();
        assertThat(pulled(MODEL)).isEqualTo(hub.file(MODEL));
        assertThat(hub.asked(MODEL_PATH)).extracting(Asked::range).containsExactly("bytes=30000-", null);
    }

    @Test
    void theTokenStaysWithTheHub() throws Exception {
        try (TestHub other = new TestHub()) {
            hub.always(MODEL_PATH, TestHub.status(302, "Location", hub.address("localhost") + "/elsewhere"));
            hub.always("/elsewhere", TestHub.status(307, "Location", other.address("127.0.0.1") + "/data"));
            other.always("/data", exchange -> TestHub.sendRange(exchange, hub.file(MODEL)));
            new Pull(settings(Map.of("HF_TOKEN", "hf_secret")), PullListener.NONE, TestHub.SHORT).run(TestHub.TINY,
                    FileSelection.NEEDED);
            assertThat(pulled(MODEL)).isEqualTo(hub.file(MODEL));
            assertThat(hub.asked(MODEL_PATH)).extracting(Asked::token).containsExactly("Bearer hf_secret");
            assertThat(hub.asked("/elsewhere")).hasSize(1).extracting(Asked::token).containsOnlyNulls();
            assertThat(other.asked("/data")).hasSize(1).extracting(Asked::token).containsOnlyNulls();
        }
    }

    @Test
    void aRenamedRepositoryIsFollowedWithTheToken() throws Exception {
        hub.next(TestHub.API + "revision/main", TestHub.status(307, "Location", "/api/models/org/renamed"));
        hub.always("/api/models/org/renamed", exchange -> TestHub.send(exchange, 200, TestHub.text(
                "{\"sha\":\"" + TestHub.COMMIT + "\"}")));
        new Pull(settings(Map.of("HF_TOKEN", "hf_secret")), PullListener.NONE, TestHub.SHORT).run(TestHub.TINY,
                FileSelection.NEEDED);
        assertThat(hub.asked("/api/models/org/renamed")).extracting(Asked::token).containsExactly("Bearer hf_secret");
    }

    @Test
    void redirectsEnd() {
        hub.always(MODEL_PATH, TestHub.status(302, "Location", MODEL_PATH));
        assertThat(failure()).hasMessageContaining("redirects more than 10 times");
        hub.always(MODEL_PATH, TestHub.status(302, "Location", "file:///etc/passwd"));
        assertThat(failure()).hasMessageContaining("redirects to 'file:///etc/passwd', which is not followed");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 429, 408})
    void whatPassesIsTriedAgain(int status) throws Exception {
        hub.next(MODEL_PATH, TestHub.status(status));
        hub.next(MODEL_PATH, TestHub.status(status));
        hub.next(TestHub.API + "revision/main", TestHub.status(status));
        pull();
        assertThat(pulled(MODEL)).isEqualTo(hub.file(MODEL));
        assertThat(hub.asked(MODEL_PATH)).hasSize(3);
    }

    @Test
    void aBusyHubIsGivenTheTimeThatItAsksFor() throws Exception {
        hub.next(MODEL_PATH, TestHub.status(429, "Retry-After", "1"));
        long start = System.nanoTime();
        pull();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(1));
        hub.next(TestHub.API + "revision/main", TestHub.status(429, "Retry-After", "86400"));
        hub.next(MODEL_PATH, TestHub.status(429, "Retry-After", "86400"));
        Files.delete(blob());
        HubException problem = failure();
        assertThat(problem.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(problem.hint()).contains("86,400 s");
    }

    @Test
    void aHubThatStaysBrokenIsGivenUp() {
        hub.always(MODEL_PATH, TestHub.status(500));
        HubException problem = failure();
        assertThat(problem).hasMessage("model.safetensors: 127.0.0.1 answered 500");
        assertThat(problem.hint()).contains("tried 4 times");
        assertThat(hub.asked(MODEL_PATH)).hasSize(4);
    }

    @Test
    void aDeadConnectionIsNoticed() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        hub.next(MODEL_PATH, exchange -> {
            exchange.sendResponseHeaders(200, 100_000);
            exchange.getResponseBody().write(hub.file(MODEL), 0, 50_000);
            exchange.getResponseBody().flush();
            await(over);
        });
        hub.next(TestHub.API + "revision/main", exchange -> await(over));
        pull();
        over.countDown();
        assertThat(pulled(MODEL)).isEqualTo(hub.file(MODEL));
        assertThat(hub.asked(MODEL_PATH)).extracting(Asked::range).containsExactly(null, "bytes=50000-");
    }

    @Test
    void aPullThatWasStoppedIsGoneOnWith() throws Exception {
        CountDownLatch halfSent = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        hub.next(MODEL_PATH, exchange -> {
            exchange.sendResponseHeaders(200, 100_000);
            exchange.getResponseBody().write(hub.file(MODEL), 0, 50_000);
            exchange.getResponseBody().flush();
            halfSent.countDown();
            await(over);
        });
        Pull pull = new Pull(settings(), PullListener.NONE, Patience.USUAL);
        Thread stopper = Thread.ofVirtual().start(() -> {
            try {
                halfSent.await();
                while (partial().toFile().length() < 50_000 || !Files.exists(configBlob())) {
                    Thread.sleep(5);
                }
                pull.cancel();
            } catch (InterruptedException never) {
                throw new IllegalStateException(never);
            }
        });
        assertThatThrownBy(() -> pull.run(TestHub.TINY, FileSelection.NEEDED))
                .isInstanceOf(InterruptedException.class);
        stopper.join();
        over.countDown();
        assertThat(snapshot()).doesNotExist();
        assertThat(partial()).hasSize(50_000);
        pull();
        assertThat(pulled(MODEL)).isEqualTo(hub.file(MODEL));
        assertThat(hub.asked(MODEL_PATH)).extracting(Asked::range).containsExactly(null, "bytes=50000-");
        assertThat(hub.asked(TestHub.RESOLVE + "config.json")).as("what was there is not fetched again").hasSize(1);
    }

    private Path configBlob() {
        return repository().resolve("blobs").resolve(hub.listed("config.json").path("oid").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../evil.json", "/etc/evil.json", "folder/../../evil.json", "C:evil.json",
            "..\\evil.json", "", "a//b.json", "./config.json", "a\nb.json", "nul\0.json"})
    void namesThatLeadElsewhereAreRefused(String name) throws Exception {
        hub.files.put("evil", TestHub.text("evil"));
        hub.listed("evil").put("path", name);
        HubException problem = failure();
        assertThat(problem).hasMessageStartingWith("the hub lists a file with the unsafe name");
        assertThat(hub.asked).noneMatch(asked -> asked.path().startsWith(TestHub.RESOLVE));
        assertThat(home.resolve("hub")).doesNotExist();
    }

    @Test
    void checksumsAndCommitsThatAreNoneAreRefused() {
        hub.listed("config.json").put("oid", "../../../../evil");
        assertThat(failure()).hasMessage("the hub lists '../../../../evil', expected a Git blob's SHA-1");
        hub.next(TestHub.API + "revision/main", exchange -> TestHub.send(exchange, 200, TestHub.text(
                "{\"sha\":\"../../evil\"}")));
        assertThat(failure()).hasMessageContaining("answered with no commit");
    }

    @Test
    void aDiskThatIsTooSmallIsNoticedBefore() {
        hub.listed(MODEL).withObject("/lfs").put("size", 1L << 49);
        HubException problem = failure();
        assertThat(problem.kind()).isEqualTo(Kind.STORAGE);
        assertThat(problem).hasMessageStartingWith("562,949,953,421,323 bytes are needed, and ");
        assertThat(hub.asked).noneMatch(asked -> asked.path().startsWith(TestHub.RESOLVE));
        hub.listed(MODEL).withObject("/lfs").put("size", Long.MAX_VALUE);
        assertThat(failure()).hasMessageContaining("the hub lists a size of 9,223,372,036,854,775,807 bytes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            401 |                  | false | REFUSED   | org/tiny: no such repository, or one that wants a token
            401 |                  | true  | REFUSED   | org/tiny: the hub does not accept the token
            401 | GatedRepo        | false | REFUSED   | org/tiny is gated: its licence has to be accepted
            403 | GatedRepo        | true  | REFUSED   | org/tiny is gated: its licence has to be accepted
            403 | GatedRepo        | false | REFUSED   | org/tiny is gated: its licence has to be accepted
            403 |                  | true  | REFUSED   | org/tiny: the token has no access
            404 | RepoNotFound     | true  | NOT_FOUND | no such repository: org/tiny
            404 | RevisionNotFound | true  | NOT_FOUND | org/tiny has no revision 'main'
            404 |                  | false | NOT_FOUND | no such repository: org/tiny
            418 |                  | false | BAD_ANSWER | org/tiny: 127.0.0.1 answered 418
            """)
    void refusalsSayWhy(int status, @Nullable String code, boolean token, Kind kind,
            String line) {
        hub.always(TestHub.API + "revision/main", code == null
                ? TestHub.status(status)
                : TestHub.status(status, "X-Error-Code", code));
        HubSettings settings = settings(token ? Map.of("HF_TOKEN", "hf_secret") : Map.of());
        HubException problem = catchThrowableOfType(HubException.class, () -> new Pull(settings, PullListener.NONE,
                TestHub.SHORT).run(TestHub.TINY, FileSelection.NEEDED));
        assertThat(problem).hasMessage(line);
        assertThat(problem.kind()).isEqualTo(kind);
        if (kind == Kind.REFUSED) {
            assertThat(problem.hint()).contains(status == 401 && token ? "/settings/tokens" : "/org/tiny");
            assertThat(String.valueOf(problem.hint()).contains("HF_TOKEN")).isEqualTo(!token || status == 401);
        }
        assertThat(hub.asked).hasSize(1);
    }

    @Test
    void aFileThatIsGoneIsNamed() {
        hub.always(MODEL_PATH, TestHub.status(404, "X-Error-Code", "EntryNotFound"));
        assertThat(failure()).hasMessage("org/tiny has no file 'model.safetensors'");
    }

    @Test
    void aSignedAddressThatHasExpiredIsAskedForAgain() throws Exception {
        hub.always(MODEL_PATH, TestHub.status(302, "Location", hub.address("localhost") + "/signed"));
        hub.next("/signed", TestHub.status(403));
        hub.always("/signed", exchange -> TestHub.sendRange(exchange, hub.file(MODEL)));
        pull();
        assertThat(hub.asked(MODEL_PATH)).hasSize(2);
    }

    @Test
    void whatIsNoHubIsSaid() {
        for (String answer : List.of("<html>", "[]", "{\"sha\":7}", "")) {
            hub.next(TestHub.API + "revision/main", exchange -> TestHub.send(exchange, 200, TestHub.text(answer)));
            assertThat(failure().kind()).as(answer).isEqualTo(Kind.BAD_ANSWER);
        }
        hub.next(TestHub.API + "tree/" + TestHub.COMMIT, exchange -> TestHub.send(exchange, 200, TestHub.text("{}")));
        assertThat(failure()).hasMessageContaining("no list of files");
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }
}
