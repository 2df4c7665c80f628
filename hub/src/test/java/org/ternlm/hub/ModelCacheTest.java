package org.ternlm.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCacheTest {
    @TempDir
    Path root;

    private ModelCache cache() {
        return new ModelCache(HubSettings.of(name -> name.equals("HF_HUB_CACHE") ? root.toString() : null));
    }

    private Path snapshot(String folder, String... files) throws IOException {
        Path repository = root.resolve(folder);
        Path snapshot = Files.createDirectories(repository.resolve("snapshots").resolve(TestHub.COMMIT));
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("refs/main"), TestHub.COMMIT);
        for (String file : files) {
            Files.writeString(snapshot.resolve(file), "{}");
        }
        return snapshot;
    }

    @Test
    void findsModelsByNameAndRevision() throws IOException {
        Path snapshot = snapshot("models--org--tiny", "config.json", "model.safetensors");
        assertThat(cache().model(ModelReference.parse("org/tiny"))).isEqualTo(snapshot);
        assertThat(cache().model(ModelReference.parse("org/tiny@" + TestHub.COMMIT))).isEqualTo(snapshot);
        assertThat(cache().named("org/tiny")).contains(snapshot);
        assertThat(cache().named("tiny@main")).contains(snapshot);
        assertThat(cache().named("org")).isEmpty();
        assertThat(cache().named("some/longer/path")).isEmpty();
        assertThatThrownBy(() -> cache().named("tiny@v2")).hasMessageStartingWith("org/tiny@v2 is not in the cache");
        snapshot("models--other--tiny");
        assertThatThrownBy(() -> cache().named("tiny")).hasMessage(
                "the cache holds 2 models called tiny: [org/tiny, other/tiny]");
    }

    @Test
    void halfAModelIsNone() throws IOException {
        Path snapshot = snapshot("models--org--tiny", "config.json");
        assertThatThrownBy(() -> cache().named("tiny")).isInstanceOf(HubException.class)
                .hasMessageStartingWith("org/tiny is not complete in the cache");
        Files.writeString(snapshot.resolve("model.safetensors.index.json"),
                "{\"weight_map\":{\"a\":\"one.safetensors\",\"b\":\"two.safetensors\"}}");
        Files.writeString(snapshot.resolve("one.safetensors"), "");
        assertThatThrownBy(() -> cache().named("tiny")).hasMessageContaining("not complete");
        Files.writeString(snapshot.resolve("two.safetensors"), "");
        assertThat(cache().named("tiny")).contains(snapshot);
    }

    @Test
    void aGgufModelIsItsFile() throws IOException {
        Path snapshot = snapshot("models--org--tiny", "a.gguf");
        assertThat(cache().named("tiny")).contains(snapshot.resolve("a.gguf"));
        snapshot("models--org--tiny", "b.gguf");
        assertThatThrownBy(() -> cache().named("tiny")).hasMessage("org/tiny: the cache holds 2 GGUF files of it");
    }
}
