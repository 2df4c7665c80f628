package org.ternlm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Both ways of reading an image lead to the same layers, and every digest is that of what it names.
class OciImageTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Map<String, byte[]> image() throws IOException {
        Path file = folder.resolve("image.tar");
        Archives archives = new Archives(Instant.EPOCH);
        new OciImage(archives, "amd64", folder).addLayer(new Tree().addText("etc/one", "1"), "the first")
                .addLayer(new Tree().addText("two", "2"), "the second")
                .write(file, "name:tag", Map.of("User", "7", "Cmd", List.of("x")));
        Map<String, byte[]> files = new HashMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(Files.newInputStream(file))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                files.put(entry.getName(), tar.readAllBytes());
            }
        }
        return files;
    }

    @Test
    void blobsAreNamedByTheirDigests() throws IOException {
        image().forEach((name, bytes) -> {
            if (name.startsWith("blobs/sha256/") && bytes.length > 0) {
                assertThat(name).isEqualTo("blobs/sha256/" + Sha256.of(bytes));
            }
        });
    }

    @Test
    void dockersListAndTheIndexNameTheSame() throws IOException {
        Map<String, byte[]> files = image();
        JsonNode docker = JSON.readTree(files.get("manifest.json")).get(0);
        JsonNode descriptor = JSON.readTree(files.get("index.json")).at("/manifests/0");
        JsonNode manifest = JSON.readTree(blob(files, descriptor));
        assertThat(docker.get("Config").asText()).isEqualTo(path(manifest.get("config")));
        assertThat(docker.at("/RepoTags/0").asText()).isEqualTo("name:tag");
        assertThat(manifest.get("layers")).hasSize(2);
        JsonNode config = JSON.readTree(blob(files, manifest.get("config")));
        assertThat(config.at("/config/User").asText()).isEqualTo("7");
        for (int i = 0; i < 2; i++) {
            JsonNode layer = manifest.at("/layers/" + i);
            assertThat(docker.at("/Layers/" + i).asText()).isEqualTo(path(layer));
            assertThat(config.at("/rootfs/diff_ids/" + i).asText())
                    .isEqualTo("sha256:" + Sha256.of(unpacked(blob(files, layer))));
        }
        assertThat(config.at("/history/1/created_by").asText()).isEqualTo("the second");
        assertThat(JSON.readTree(files.get("oci-layout")).get("imageLayoutVersion").asText()).isEqualTo("1.0.0");
    }

    private static byte[] blob(Map<String, byte[]> files, JsonNode descriptor) {
        byte[] bytes = files.getOrDefault(path(descriptor), new byte[0]);
        assertThat(bytes).hasSize(descriptor.get("size").asInt());
        return bytes;
    }

    private static String path(JsonNode descriptor) {
        return "blobs/" + descriptor.get("digest").asText().replace(':', '/');
    }

    private static byte[] unpacked(byte[] layer) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(layer))) {
            return in.readAllBytes();
        }
    }
}
