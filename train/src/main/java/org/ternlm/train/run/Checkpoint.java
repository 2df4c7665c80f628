package org.ternlm.train.run;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ternlm.format.AtomicFile;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.safetensors.SafetensorsWriter;
import org.ternlm.model.ConfigWriter;
import org.ternlm.model.ModelConfig;
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
/// Written aside, synced and renamed: a folder of that name is complete, even after a power cut.
///
/// @param folder where it is
/// @param step optimiser steps made
public record Checkpoint(Path folder, long step) {
    static final String CONFIG = "config.json";
    static final String WEIGHTS = "model.safetensors";
    static final String OPTIMIZER = "optimizer.safetensors";
    static final String STATE = "training.json";
    private static final String PREFIX = "step-";

    /// Writes the state after `step` steps below `parent`.
    ///
    /// @param state what else to remember
    /// @throws IOException if the disk is full or `parent` cannot be written; the checkpoints before stand
    static Checkpoint write(Path parent, long step, ModelConfig config, Path tokenizer, Parameters parameters,
            AdamW optimizer, ObjectNode state) throws IOException {
        Path folder = parent.resolve(PREFIX + "%08d".formatted(step));
        AtomicFolder.write(folder, aside -> {
            ConfigWriter.write(config, aside);
            for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
                if (Files.exists(tokenizer.resolve(name))) {
                    Files.copy(tokenizer.resolve(name), aside.resolve(name));
                }
            }
            SafetensorsWriter.write(aside.resolve(WEIGHTS), tensors("", parameters.all()), Map.of("format", "pt"));
            List<Tensor> moments = new ArrayList<>(tensors("first.", optimizer.firstMoments()));
            moments.addAll(tensors("second.", optimizer.secondMoments()));
            SafetensorsWriter.write(aside.resolve(OPTIMIZER), moments, Map.of());
            state.put("step", step);
            Files.write(aside.resolve(STATE), new JsonMapper().writeValueAsBytes(state));
        });
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
            return folders.filter(folder -> folder.getFileName().toString().matches(PREFIX + "\\d{8,18}"))
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
        return new CheckpointReader(this).state();
    }

    /// The weights.
    ///
    /// @throws ModelFormatException if a file is missing, or they are damaged or of another shape
    Parameters parameters(ModelConfig config) {
        return new CheckpointReader(this).parameters(config);
    }

    /// Puts the moments back.
    ///
    /// @throws ModelFormatException if they are damaged or of another shape
    void restore(AdamW optimizer) {
        new CheckpointReader(this).restore(optimizer);
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
        AtomicFolder.delete(folder);
    }
}
