package org.ternlm.format.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.ternlm.format.JsonFile;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.safetensors.SafetensorsFile;
import org.ternlm.tensor.Tensor;

/// A model folder as Hugging Face lays it out: `config.json`, tokenizer files, and the tensors either in
/// `model.safetensors` or sharded under `model.safetensors.index.json`.
///
/// Immutable; the tensors are views of mapped files and live as long as the arena.
public final class ModelFolder {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final long LARGEST_CONFIG = 4_000_000;
    private static final long LARGEST_INDEX = 100_000_000;

    private final Path path;
    private final ObjectNode config;
    private final Map<String, Tensor> tensors;

    private ModelFolder(Path path, ObjectNode config, Map<String, Tensor> tensors) {
        this.path = path;
        this.config = config;
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /// Reads the configuration and maps all tensors until `arena` closes.
    ///
    /// @throws ModelFormatException
    ///             if something is missing or is not sound
    public static ModelFolder open(Path path, Arena arena) {
        if (!Files.isDirectory(path)) {
            throw ModelFormatException.in(path).expected("a model folder")
                    .found(Files.exists(path) ? "a file" : "nothing there").problem();
        }
        ObjectNode config = JsonFile.read(path.resolve("config.json"), LARGEST_CONFIG);
        Path index = path.resolve(INDEX);
        Map<String, Tensor> tensors = Files.exists(index) && !Files.exists(path.resolve(SINGLE))
                ? sharded(path, index, arena)
                : SafetensorsFile.open(path.resolve(SINGLE), arena).tensors();
        return new ModelFolder(path, config, tensors);
    }

    private static Map<String, Tensor> sharded(Path path, Path index, Arena arena) {
        JsonNode map = JsonFile.read(index, LARGEST_INDEX).path("weight_map");
        if (!map.isObject()) {
            throw ModelFormatException.in(index).at("weight_map").expected("an object")
                    .found(map.isMissingNode() ? "nothing" : map).problem();
        }
        TreeSet<String> names = new TreeSet<>();
        map.properties().forEach(entry -> {
            if (!entry.getValue().isTextual()) {
                throw ModelFormatException.in(index).at("weight_map." + entry.getKey()).expected("a file's name")
                        .found(entry.getValue()).problem();
            }
            names.add(entry.getValue().textValue());
        });
        Map<String, SafetensorsFile> files = new LinkedHashMap<>();
        for (String name : names) {
            Path shard = path.resolve(name).normalize();
            if (!path.normalize().equals(shard.getParent())) {
                throw ModelFormatException.in(index).at("weight_map").expected("files beside it").found(name)
                        .problem();
            }
            files.put(name, SafetensorsFile.open(shard, arena));
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        map.properties().forEach(entry -> {
            String shard = entry.getValue().asText();
            SafetensorsFile file = files.get(shard);
            Tensor tensor = file == null ? null : file.tensors().get(entry.getKey());
            if (tensor == null) {
                throw ModelFormatException.in(path.resolve(shard)).at(entry.getKey())
                        .expected("the tensor that " + INDEX + " places here").found("none").problem();
            }
            tensors.put(entry.getKey(), tensor);
        });
        return tensors;
    }

    /// Where the folder is.
    public Path path() {
        return path;
    }

    /// `config.json` as it stands; not to be changed.
    public ObjectNode config() {
        return config;
    }

    /// Where `config.json` is, for messages.
    public Path configPath() {
        return path.resolve("config.json");
    }

    /// Which file says where tensors are, for messages: the weights themselves, or the index of several files.
    public Path weightsPath() {
        Path single = path.resolve(SINGLE);
        return Files.exists(single) ? single : path.resolve(INDEX);
    }

    /// All tensors by name.
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    /// The tensor of that name, or null.
    public @Nullable Tensor tensor(String name) {
        return tensors.get(name);
    }
}
