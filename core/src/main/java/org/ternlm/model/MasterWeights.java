package org.ternlm.model;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.huggingface.ModelFolder;

/// A model's weights as floats, by their names in Hugging Face's files: what training starts from. Master weights of a
/// ternary or ±1 model, or dense ones; packed weights are none, since what they were rounded from is lost.
///
/// @param config the architecture
/// @param weights all of them, row-major
public record MasterWeights(ModelConfig config, Map<String, float[]> weights) {
    public MasterWeights {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }

    /// Reads the configuration of a Hugging Face folder alone.
    ///
    /// @throws ModelFormatException if there is none, it is damaged, or its weights are packed
    public static ModelConfig readConfig(Path folder) {
        try (Arena arena = Arena.ofConfined()) {
            return config(ModelFolder.open(folder, arena));
        }
    }

    /// Reads a Hugging Face folder.
    ///
    /// @throws ModelFormatException if it is damaged, or its weights are packed
    public static MasterWeights read(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            ModelFolder folder = ModelFolder.open(path, arena);
            ModelConfig config = config(folder);
            Map<String, float[]> weights = new LinkedHashMap<>();
            folder.tensors().forEach((name, tensor) -> weights.put(name, tensor.floats()));
            return new MasterWeights(config, weights);
        }
    }

    private static ModelConfig config(ModelFolder folder) {
        ModelConfig config = ConfigReader.read(folder.config(), folder.configPath());
        if (!config.linearKind().isMaster()) {
            throw ModelFormatException.in(folder.configPath()).at("quantization_config")
                    .expected("master or dense weights")
                    .found(config.linearKind() == LinearKind.INT8_ROWS ? "weights rounded to int8" : "packed ones")
                    .hint("training goes on from a checkpoint, or from the folder master/ of a run").problem();
        }
        return config;
    }
}
