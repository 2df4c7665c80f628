package org.ternlm.dist;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A container image as one tar file: the layout of the Open Container Initiative, with the list `manifest.json` beside it
/// that `docker load` and `podman load` read. Made without a daemon and without a registry.
final class OciImage {
    private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
    private static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
    private static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";
    private static final String INDEX_TYPE = "application/vnd.oci.image.index.v1+json";

    private final ObjectMapper json = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    private final Archives archives;
    private final String architecture;
    private final Path work;
    private final List<Layer> layers = new ArrayList<>();

    /// One layer: its compressed file, the digests of it and of the tar in it, and what it is.
    private record Layer(Path file, String digest, String tarDigest, String about) {}

    /// An image without layers.
    ///
    /// @param architecture the processor, as Go names it: `amd64`, `arm64`
    /// @param work a folder for the layers until the image is written
    OciImage(Archives archives, String architecture, Path work) {
        this.archives = archives;
        this.architecture = architecture;
        this.work = work;
    }

    /// Adds a layer above those that are there.
    OciImage addLayer(Tree tree, String about) throws IOException {
        Path file = work.resolve("layer-" + layers.size() + ".tar.gz");
        MessageDigest digest = Sha256.digest();
        MessageDigest tarDigest = Sha256.digest();
        OutputStream compressed = new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(file)), digest);
        try (OutputStream tar = new DigestOutputStream(Archives.gzip(compressed), tarDigest)) {
            archives.writeTar(tree, tar);
        }
        layers.add(new Layer(file, HexFormat.of().formatHex(digest.digest()),
                HexFormat.of().formatHex(tarDigest.digest()), about));
        return this;
    }

    /// Writes the image.
    ///
    /// @param name what it is called, with its tag, such as `tern:0.1.0`
    /// @param process what it starts, as whom and where: the `config` of an OCI image
    void write(Path file, String name, Map<String, Object> process) throws IOException {
        Tree tar = new Tree();
        for (Layer layer : layers) {
            tar.addFile(blob(layer.digest()), layer.file());
        }
        byte[] config = json.writeValueAsBytes(config(process));
        tar.addBytes(blob(Sha256.of(config)), config);
        byte[] manifest = json.writeValueAsBytes(manifest(config));
        tar.addBytes(blob(Sha256.of(manifest)), manifest);
        tar.addBytes("index.json", json.writeValueAsBytes(index(manifest, name)));
        tar.addBytes("manifest.json", json.writeValueAsBytes(List.of(Map.of("Config", blob(Sha256.of(config)),
                "RepoTags", List.of(name), "Layers", layers.stream().map(layer -> blob(layer.digest())).toList()))));
        tar.addBytes("oci-layout", json.writeValueAsBytes(Map.of("imageLayoutVersion", "1.0.0")));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            archives.writeTar(tar, out);
        }
    }

    private Map<String, Object> config(Map<String, Object> process) {
        String created = archives.date().toString();
        return Map.of("architecture", architecture, "os", "linux", "created", created, "config", process,
                "rootfs",
                Map.of("type", "layers", "diff_ids", layers.stream().map(layer -> "sha256:" + layer.tarDigest())
                        .toList()),
                "history",
                layers.stream().map(layer -> Map.of("created", created, "created_by", layer.about())).toList());
    }

    private Map<String, Object> manifest(byte[] config) throws IOException {
        List<Object> descriptors = new ArrayList<>();
        for (Layer layer : layers) {
            descriptors.add(descriptor(LAYER_TYPE, layer.digest(), Files.size(layer.file())));
        }
        return Map.of("schemaVersion", 2, "mediaType", MANIFEST_TYPE, "config",
                descriptor(CONFIG_TYPE, Sha256.of(config), config.length), "layers", descriptors);
    }

    private Map<String, Object> index(byte[] manifest, String name) {
        Map<String, Object> described = new TreeMap<>(descriptor(MANIFEST_TYPE, Sha256.of(manifest), manifest.length));
        described.put("platform", Map.of("architecture", architecture, "os", "linux"));
        described.put("annotations", Map.of("org.opencontainers.image.ref.name", name.substring(name.indexOf(':') + 1),
                "io.containerd.image.name", "docker.io/library/" + name));
        return Map.of("schemaVersion", 2, "mediaType", INDEX_TYPE, "manifests", List.of(described));
    }

    private static Map<String, Object> descriptor(String type, String digest, long size) {
        return Map.of("mediaType", type, "digest", "sha256:" + digest, "size", size);
    }

    private static String blob(String digest) {
        return "blobs/sha256/" + digest;
    }
}
