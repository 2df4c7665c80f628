package org.ternlm.train.run;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ternlm.format.AtomicFile;
import org.ternlm.format.JsonFile;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.safetensors.SafetensorsFile;
import org.ternlm.format.safetensors.SafetensorsWriter;
import org.ternlm.model.ModelConfig;
import org.ternlm.model.PackedExport;
import org.ternlm.tensor.DType;
import org.ternlm.tensor.Shape;
import org.ternlm.tensor.Tensor;
import org.ternlm.train.torch.AdamW;
import org.ternlm.train.torch.Parameters;
import org.ternlm.train.torch.Torch;

/// The state of a run at a step, in a folder of its own: an ordinary Hugging Face folder of master weights, which Tern
/// and transformers open as it is, with the optimiser's moments and the step beside them.
///
/// ```
/// step-00000200/  config.json  model.safetensors  tokenizer.json  tokenizer_config.json
///                 optimizer.safetensors  training.json
/// ```
///
/// Written aside and renamed: a folder of that name is complete.
///
/// @param folder where it is
/// @param step optimiser steps made
public record Checkpoint(Path folder, long step) {
    private static final String PREFIX = "step-";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String STATE = "training.json";
    private static final long LARGEST_STATE = 1_000_000;

    /// Writes the state after `step` steps below `parent`.
    ///
    /// @param state what else to remember
    static Checkpoint write(Path parent, long step, ModelConfig config, Path tokenizer, Parameters parameters,
            AdamW optimizer, ObjectNode state) throws IOException {
        Path folder = parent.resolve(PREFIX + "%08d".formatted(step));
        Path aside = parent.resolve("." + folder.getFileName() + ".partial");
        deleteTree(aside);
        Files.createDirectories(aside);
        PackedExport.writeConfig(config, aside);
        for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
            if (Files.exists(tokenizer.resolve(name))) {
                Files.copy(tokenizer.resolve(name), aside.resolve(name));
            }
        }
        SafetensorsWriter.write(aside.resolve("model.safetensors"), tensors("", parameters.all()),
                Map.of("format", "pt"));
        List<Tensor> moments = new ArrayList<>(tensors("first.", optimizer.firstMoments()));
        moments.addAll(tensors("second.", optimizer.secondMoments()));
        SafetensorsWriter.write(aside.resolve(OPTIMIZER), moments, Map.of());
        state.put("step", step);
        Files.write(aside.resolve(STATE), new JsonMapper().writeValueAsBytes(state));
        deleteTree(folder);
        Files.move(aside, folder, StandardCopyOption.ATOMIC_MOVE);
        return new Checkpoint(folder, step);
    }

    private static List<Tensor> tensors(String prefix, Map<String, org.bytedeco.pytorch.Tensor> source) {
        List<Tensor> tensors = new ArrayList<>();
        source.forEach((name, tensor) -> {
            long[] shape = new long[(int) tensor.dim()];
            for (int i = 0; i < shape.length; i++) {
                shape[i] = tensor.size(i);
            }
            tensors.add(new Tensor(prefix + name, DType.F32, new Shape(shape), Torch.memory(tensor)));
        });
        return tensors;
    }

    /// All complete checkpoints below `parent`, oldest first.
    static List<Checkpoint> list(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(parent)) {
            return folders.filter(folder -> folder.getFileName().toString().matches(PREFIX + "\\d{8,}"))
                    .map(folder -> new Checkpoint(folder,
                            Long.parseLong(folder.getFileName().toString().substring(PREFIX.length()))))
                    .sorted(Comparator.comparingLong(Checkpoint::step)).toList();
        }
    }

    /// The newest complete checkpoint below `parent`.
    public static Optional<Checkpoint> latest(Path parent) throws IOException {
        List<Checkpoint> all = list(parent);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /// What was remembered beside weights and moments.
    ///
    /// @throws ModelFormatException if it is damaged
    ObjectNode state() {
        return JsonFile.read(folder.resolve(STATE), LARGEST_STATE);
    }

    /// The weights.
    ///
    /// @throws ModelFormatException if they are damaged or of another shape
    Parameters parameters(ModelConfig config) {
        Map<String, float[]> values = read("model.safetensors", "");
        try {
            return Parameters.of(config, values);
        } catch (IllegalArgumentException e) {
            throw ModelFormatException.in(folder.resolve("model.safetensors")).expected("the configuration's weights")
                    .found(e.getMessage()).hint("the configuration has changed since").cause(e).problem();
        }
    }

    /// Puts the moments back.
    ///
    /// @throws ModelFormatException if they are damaged or of another shape
    void restore(AdamW optimizer) {
        try {
            optimizer.restore(step, read(OPTIMIZER, "first."), read(OPTIMIZER, "second."));
        } catch (IllegalArgumentException e) {
            throw ModelFormatException.in(folder.resolve(OPTIMIZER)).expected("the moments of these weights")
                    .found(e.getMessage()).cause(e).problem();
        }
    }

    private Map<String, float[]> read(String name, String prefix) {
        Map<String, float[]> values = new LinkedHashMap<>();
        try (Arena arena = Arena.ofConfined()) {
            SafetensorsFile.open(folder.resolve(name), arena).tensors().forEach((key, tensor) -> {
                if (key.startsWith(prefix)) {
                    values.put(key.substring(prefix.length()), tensor.floats());
                }
            });
        }
        return values;
    }

    /// Copies the model, without what only training needs, into the folder `target`: an ordinary Hugging Face folder of
    /// master or dense weights.
    void exportTo(Path target) throws IOException {
        Files.createDirectories(target);
        // The configuration last: without it the folder is none.
        for (String name : List.of("model.safetensors", "tokenizer.json", "tokenizer_config.json", "config.json")) {
            if (Files.exists(folder.resolve(name))) {
                AtomicFile.write(target.resolve(name),
                        aside -> Files.copy(folder.resolve(name), aside, StandardCopyOption.REPLACE_EXISTING));
            }
        }
    }

    /// Removes the folder.
    void delete() throws IOException {
        deleteTree(folder);
    }

    private static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
