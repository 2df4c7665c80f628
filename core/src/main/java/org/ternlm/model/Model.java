package org.ternlm.model;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufFile;
import org.ternlm.format.huggingface.ModelFolder;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.TernaryKernel;

/// A loaded model: configuration and weights, ready for a [Decoder].
///
/// Immutable and safe to share. Valid until the arena it was loaded into closes.
public final class Model {
    private final ModelConfig config;
    private final Weights weights;

    private Model(ModelConfig config, Weights weights) {
        this.config = config;
        this.weights = weights;
    }

    /// Loads a GGUF file, or a Hugging Face folder: packed ternary, master weights (made ternary now) or dense.
    ///
    /// Dense matrices and the embedding stay in the mapped file, but for blocks of numbers in GGUF, which are decoded;
    /// ternary ones are repacked into native memory for the chosen kernel, in parallel.
    ///
    /// @throws ModelFormatException if it is damaged or holds what Tern does not support
    public static Model load(Path path, Kernels kernels, Arena arena) {
        return GgufFile.isNamed(path) ? loadFile(path, kernels, arena) : loadFolder(path, kernels, arena);
    }

    private static Model loadFolder(Path folder, Kernels kernels, Arena arena) {
        ModelFolder files = ModelFolder.open(folder, arena);
        ModelConfig config = ConfigReader.read(files.config(), files.configPath());
        checkWidths(config, files.configPath());
        // No layer without tensors: a hostile count must not make Tern loop or allocate before it notices.
        if (config.layers() > files.tensors().size()) {
            throw ModelFormatException.in(files.configPath()).at("num_hidden_layers")
                    .expected("no more layers than the " + files.tensors().size() + " tensors in the folder")
                    .found(config.layers()).problem();
        }
        TensorSource source = new TensorSource(files.tensors(), files.weightsPath());
        LinearSource linears = new LinearReader(source, config, kernels.ternary(), arena);
        return new Model(config,
                new WeightReader(config, WeightNames.HUGGING_FACE, source, linears, kernels).read());
    }

    private static Model loadFile(Path path, Kernels kernels, Arena arena) {
        GgufFile file = GgufFile.open(path, arena);
        ModelConfig config = GgufConfigReader.read(file);
        checkWidths(config, path);
        GgufTensors tensors = new GgufTensors(file, kernels.workers(), arena);
        TensorSource source = new TensorSource(tensors.forSource(), path);
        LinearSource linears = new GgufLinearReader(file, config, tensors, source, kernels.ternary(), arena);
        return new Model(config, new WeightReader(config, WeightNames.GGUF, source, linears, kernels).read());
    }

    /// Shape and variations.
    public ModelConfig config() {
        return config;
    }

    /// Bytes of weights that are read for each token.
    public long bytesPerToken() {
        return weights.bytesPerToken();
    }

    Weights weights() {
        return weights;
    }

    private static void checkWidths(ModelConfig config, Path file) {
        int widest = Math.max(Math.max(config.hiddenSize(), config.feedForwardSize()), config.querySize());
        if (config.linearKind().isTernary() && widest > TernaryKernel.MOST_COLUMNS) {
            throw ModelFormatException.in(file).expected("widths up to " + TernaryKernel.MOST_COLUMNS).found(widest)
                    .problem();
        }
    }
}
