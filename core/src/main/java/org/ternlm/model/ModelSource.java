package org.ternlm.model;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufFile;
import org.ternlm.format.huggingface.ModelFolder;
import org.ternlm.kernel.Workers;
import org.ternlm.quant.DenseMatrix;

/// A model as its files have it: the configuration, and the weights by their places, one at a time and before any kernel
/// makes its own layout of them. What runs a model, converts it or looks inside reads it through this.
///
/// Weights are read when asked for. Safe for several threads; valid until the arena it was opened in closes.
public final class ModelSource {
    private final Path path;
    private final ModelConfig config;
    private final WeightNames names;
    private final TensorSource source;
    private final LinearSource linears;

    private final List<StoredTensor> tensors;

    private ModelSource(Path path, ModelConfig config, WeightNames names, TensorSource source, LinearSource linears,
            List<StoredTensor> tensors) {
        this.path = path;
        this.config = config;
        this.names = names;
        this.source = source;
        this.linears = linears;
        this.tensors = List.copyOf(tensors);
    }

    /// Opens a GGUF file, or a Hugging Face folder: packed ternary, master weights (made ternary when read) or dense.
    ///
    /// @param workers share the decoding of a large embedding
    /// @throws ModelFormatException if it is damaged or holds what Tern does not support
    public static ModelSource open(Path path, Workers workers, Arena arena) {
        return GgufFile.isNamed(path) ? openFile(path, workers, arena) : openFolder(path, arena);
    }

    private static ModelSource openFolder(Path path, Arena arena) {
        ModelFolder folder = ModelFolder.open(path, arena);
        ModelConfig config = ConfigReader.read(folder.config(), folder.configPath());
        // No layer without tensors: a hostile count must not make Tern loop or allocate before it notices.
        if (config.layers() > folder.tensors().size()) {
            throw ModelFormatException.in(folder.configPath()).at("num_hidden_layers")
                    .expected("no more layers than the " + folder.tensors().size() + " tensors in the folder")
                    .found(config.layers()).problem();
        }
        TensorSource source = new TensorSource(folder.tensors(), folder.weightsPath());
        WeightNames names = WeightNames.ofFolder(folder.tensors().keySet());
        List<StoredTensor> stored = folder.tensors().values().stream().map(tensor -> new StoredTensor(tensor.name(),
                names.place(tensor.name()), tensor.type().name(), tensor.shape(), tensor.data().byteSize())).toList();
        return new ModelSource(folder.configPath(), config, names, source, new LinearReader(source, config), stored);
    }

    private static ModelSource openFile(Path path, Workers workers, Arena arena) {
        GgufFile file = GgufFile.open(path, arena);
        ModelConfig config = GgufConfigReader.read(file);
        GgufTensors tensors = new GgufTensors(file, workers, arena);
        TensorSource source = new TensorSource(tensors.forSource(), path);
        // The configuration has it already.
        source.ignore(GgufConfigReader.ROPE_FACTORS);
        WeightNames names = WeightNames.GGUF;
        List<StoredTensor> stored = file.tensors().values().stream().map(tensor -> new StoredTensor(tensor.name(),
                names.place(tensor.name()), tensor.type().name(), tensor.shape(), tensor.data().byteSize())).toList();
        return new ModelSource(path, config, names, source, new GgufLinearReader(file, config, tensors, source),
                stored);
    }

    /// Shape and variations.
    public ModelConfig config() {
        return config;
    }

    /// The file that the configuration was read from, for messages.
    public Path configPath() {
        return path;
    }

    /// All tensors of the files, in their order.
    public List<StoredTensor> tensors() {
        return tensors;
    }

    /// `[vocabularySize, hiddenSize]`.
    public DenseMatrix embedding() {
        return linears.table(names.embedding() + ".weight", config.vocabularySize(), config.hiddenSize());
    }

    /// `[vocabularySize, hiddenSize]`; empty where the head is the embedding.
    public Optional<DenseMatrix> head() {
        String name = names.head() + ".weight";
        if (config.tiedHead()) {
            source.ignore(name);
            return Optional.empty();
        }
        return Optional.of(linears.table(name, config.vocabularySize(), config.hiddenSize()));
    }

    /// The gains of the last norm, `[hiddenSize]`.
    public float[] norm() {
        return source.values(names.norm() + ".weight", config.hiddenSize());
    }

    /// The gains of a norm of layer `index`; empty where the architecture has none there.
    public float[] norm(int index, NormRole role) {
        int size = role.size(config);
        return size == 0 ? new float[0] : source.values(names.layer(index) + names.norm(role) + ".weight", size);
    }

    /// The gains of the norm that a linear layer of layer `index` has for its own input, `[columns]`; empty where it has
    /// none.
    public float[] inputNorm(int index, LinearRole role) {
        String name = names.layer(index) + names.linear(role);
        return config.inputNorms() && config.kindOf(name).isTernary()
                ? source.values(name + WeightNames.INPUT_NORM + ".weight", role.columns(config))
                : new float[0];
    }

    /// A linear layer of layer `index`.
    ///
    /// @param arena owns what has to be decoded or reordered; the rest stays in the file
    /// @throws ModelFormatException if its weights are missing or are not what they should be
    public LinearWeights linear(int index, LinearRole role, Arena arena) {
        return linears.read(names.layer(index) + names.linear(role), role.rows(config), role.columns(config),
                role.hasBias(config), arena);
    }

    /// Refuses tensors that nobody has asked for: they may mean another architecture than the configuration says.
    ///
    /// @throws ModelFormatException naming one
    public void checkNothingLeft() {
        source.checkNothingLeft();
    }
}
