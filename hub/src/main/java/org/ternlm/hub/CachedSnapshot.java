package org.ternlm.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A repository's files at a commit, as they lie in the cache.
///
/// @param folder where
record CachedSnapshot(Path folder) {
    private static final String INDEX = "model.safetensors.index.json";
    private static final long LARGEST_INDEX = 100_000_000;

    /// The commit that it is.
    String commit() {
        return folder.getFileName().toString();
    }

    /// All files, by their paths with slashes; links that lead nowhere are not among them.
    List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .sorted().toList();
        }
    }

    /// Whether there is a model in it, and all of it: a configuration with all of its weights, or a GGUF file.
    ///
    /// Tern shows files in a snapshot only when all have arrived; other programs may have been stopped in between.
    boolean holdsModel() throws IOException {
        return holdsSafetensors() || !ggufFiles().isEmpty();
    }

    /// What a program opens: the folder itself, or the one GGUF file in it.
    ///
    /// @throws HubException if there is more than one
    Path model(ModelReference reference) throws IOException {
        List<String> gguf = ggufFiles();
        if (holdsSafetensors() || gguf.isEmpty()) {
            return folder;
        }
        if (gguf.size() > 1) {
            throw new HubException(HubException.Kind.BAD_NAME,
                    "%s: the cache holds %d GGUF files of it".formatted(reference, gguf.size()),
                    "name one by its path, such as " + folder.resolve(gguf.getFirst()));
        }
        return folder.resolve(gguf.getFirst());
    }

    private List<String> ggufFiles() throws IOException {
        return files().stream().filter(file -> file.endsWith(".gguf")).toList();
    }

    private boolean holdsSafetensors() throws IOException {
        List<String> files = files();
        if (!files.contains("config.json")) {
            return false;
        }
        boolean sharded = files.contains(INDEX) && !files.contains("model.safetensors");
        return sharded ? holdsShards(folder.resolve(INDEX)) : files.stream().anyMatch(CachedSnapshot::isWeights);
    }

    private static boolean isWeights(String file) {
        return file.endsWith(".safetensors") && file.indexOf('/') < 0;
    }

    private boolean holdsShards(Path index) throws IOException {
        if (Files.size(index) > LARGEST_INDEX) {
            return false;
        }
        try {
            JsonNode map = new ObjectMapper().readTree(index.toFile()).path("weight_map");
            return !map.isEmpty() && map.valueStream().allMatch(name -> SafePath.isSafe(name.asText())
                    && Files.isRegularFile(folder.resolve(name.asText())));
        } catch (JsonProcessingException damaged) {
            return false;
        }
    }
}
