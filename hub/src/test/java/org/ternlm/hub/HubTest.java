package org.ternlm.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the tests of pulls share: a hub, a cache, and a short patience. A pull that never ends fails its test.
@Timeout(60)
abstract class HubTest {
    static final String MODEL = "model.safetensors";
    static final String MODEL_PATH = TestHub.RESOLVE + MODEL;

    @TempDir
    Path home;

    TestHub hub;

    @BeforeEach
    void startHub() throws IOException {
        hub = new TestHub();
    }

    @AfterEach
    void stopHub() {
        hub.close();
    }

    HubSettings settings() {
        return settings(Map.of());
    }

    /// Settings with these variables on top of the test's own.
    HubSettings settings(Map<String, String> more) {
        Map<String, String> usual = Map.of("HF_ENDPOINT", hub.address("127.0.0.1"), "HF_HOME", home.toString());
        return HubSettings.of(name -> more.getOrDefault(name, usual.get(name)));
    }

    PullReport pull() throws IOException, InterruptedException {
        return pull(FileSelection.NEEDED);
    }

    PullReport pull(FileSelection selection) throws IOException, InterruptedException {
        return new Pull(settings(), PullListener.NONE, TestHub.SHORT).run(TestHub.TINY, selection);
    }

    Path repository() {
        return home.resolve("hub/models--org--tiny");
    }

    Path snapshot() {
        return repository().resolve("snapshots").resolve(TestHub.COMMIT);
    }

    Path blob() {
        return repository().resolve("blobs").resolve(TestHub.hash("SHA-256", hub.file(MODEL)));
    }

    Path partial() {
        return blob().resolveSibling(blob().getFileName() + ".incomplete");
    }

    byte[] pulled(String file) throws IOException {
        return Files.readAllBytes(snapshot().resolve(file));
    }
}
