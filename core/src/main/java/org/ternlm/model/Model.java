package org.ternlm.model;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import org.ternlm.format.ModelFormatException;
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

    /// Loads a Hugging Face folder: packed ternary, master weights (made ternary now) or dense.
    ///
    /// Dense matrices and the embedding stay in the mapped file; ternary ones are repacked into native memory for the
    /// chosen kernel, in parallel.
    ///
    /// @throws ModelFormatException if the folder is damaged or holds what Tern does not support
    public static Model load(Path folder, Kernels kernels, Arena arena) {
        ModelFolder files = ModelFolder.open(folder, arena);
        ModelConfig config = ConfigReader.read(files.config(), files.configPath());
        checkSizes(config, files);
        return new Model(config, new Loading(config, files, kernels, arena).weights());
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

    private static void checkSizes(ModelConfig config, ModelFolder files) {
        int widest = Math.max(Math.max(config.hiddenSize(), config.feedForwardSize()), config.querySize());
        if (config.linearKind().isTernary() && widest > TernaryKernel.MOST_COLUMNS) {
            throw ModelFormatException.in(files.configPath()).expected("widths up to " + TernaryKernel.MOST_COLUMNS)
                    .found(widest).problem();
        }
        // No layer without tensors: a hostile count must not make Tern loop or allocate before it notices.
        if (config.layers() > files.tensors().size()) {
            throw ModelFormatException.in(files.configPath()).at("num_hidden_layers")
                    .expected("no more layers than the " + files.tensors().size() + " tensors in the folder")
                    .found(config.layers()).problem();
        }
    }

    /// The map from names to places, in the names of Hugging Face.
    private record Loading(ModelConfig config, TensorSource source, LinearReader linears, Kernels kernels) {

        Loading(ModelConfig config, ModelFolder files, Kernels kernels, Arena arena) {
            this(config, new TensorSource(files.tensors(), files.weightsPath()), kernels, arena);
        }

        private Loading(ModelConfig config, TensorSource source, Kernels kernels, Arena arena) {
            this(config, source, new LinearReader(source, config, kernels.ternary(), arena), kernels);
        }

        Weights weights() {
            var embedding = source.floating("model.embed_tokens.weight", config.vocabularySize(), config.hiddenSize());
            float[] norm = source.values("model.norm.weight", config.hiddenSize());
            Linear head;
            if (config.tiedHead()) {
                head = new DenseLinear(embedding, new float[0]);
                source.ignore("lm_head.weight");
            } else {
                head = new DenseLinear(source.floating("lm_head.weight", config.vocabularySize(),
                        config.hiddenSize()), new float[0]);
            }
            Weights.Layer[] layers = new Weights.Layer[config.layers()];
            kernels.workers().share(layers.length, 1, 1_000_000, (from, to) -> {
                for (int i = from; i < to; i++) {
                    layers[i] = layer("model.layers." + i + ".");
                }
            });
            source.checkNothingLeft();
            return new Weights(embedding, Arrays.asList(layers), norm, head);
        }

        private Weights.Layer layer(String prefix) {
            int hidden = config.hiddenSize();
            int inner = config.feedForwardSize();
            int query = config.querySize();
            int keyValue = config.keyValueSize();
            boolean bias = config.attentionBias();
            boolean innerBias = config.feedForwardBias();
            return new Weights.Layer(source.values(prefix + "input_layernorm.weight", hidden),
                    linears.read(prefix + "self_attn.q_proj", query, hidden, bias),
                    linears.read(prefix + "self_attn.k_proj", keyValue, hidden, bias),
                    linears.read(prefix + "self_attn.v_proj", keyValue, hidden, bias),
                    subNorm(prefix + "self_attn.attn_sub_norm.weight", query),
                    linears.read(prefix + "self_attn.o_proj", hidden, query, bias),
                    source.values(prefix + "post_attention_layernorm.weight", hidden),
                    linears.read(prefix + "mlp.gate_proj", inner, hidden, innerBias),
                    linears.read(prefix + "mlp.up_proj", inner, hidden, innerBias),
                    subNorm(prefix + "mlp.ffn_sub_norm.weight", inner),
                    linears.read(prefix + "mlp.down_proj", hidden, inner, innerBias));
        }

        private float[] subNorm(String name, int size) {
            return config.subNorms() ? source.values(name, size) : new float[0];
        }
    }
}
