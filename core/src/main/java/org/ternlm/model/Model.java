package org.ternlm.model;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.ternlm.format.ModelFormatException;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.TernaryKernel;
import org.ternlm.quant.TritCounts;

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
    /// Dense matrices and the embedding stay in the mapped file, in the form that they have there, but for
    /// Q6_K, which is decoded;
    /// ternary ones are repacked into native memory for the chosen kernel, in parallel.
    ///
    /// @throws ModelFormatException if it is damaged or holds what Tern does not support
    public static Model load(Path path, Kernels kernels, Arena arena) {
        return load(path, HeadForm.FILE, kernels, arena);
    }

    /// The same with a head of another form.
    ///
    /// @throws ModelFormatException if it is damaged or holds what Tern does not support
    public static Model load(Path path, HeadForm head, Kernels kernels, Arena arena) {
        ModelSource source = ModelSource.open(path, kernels.workers(), arena);
        checkWidths(source.config(), source.configPath());
        return new Model(source.config(), new WeightReader(source, head, kernels, arena).read());
    }

    static Model of(ModelConfig config, Weights weights) {
        return new Model(config, weights);
    }

    /// Shape and variations.
    public ModelConfig config() {
        return config;
    }

    /// Bytes of weights that are read for each token.
    public long bytesPerToken() {
        return weights.bytesPerToken();
    }

    /// The -1, 0 and +1 of the linear layers of one transformer layer, read back from the form that the kernels use;
    /// none where they are dense. Takes as many bytes as the largest has weights.
    ///
    /// @param layer from 0
    public TritCounts trits(int layer) {
        TritCounts counts = TritCounts.NONE;
        for (Linear linear : weights.layers().get(layer).linears()) {
            if (linear instanceof BitLinear bits) {
                counts = counts.plus(TritCounts.of(bits.packing().decode(bits.codes(), bits.rows(), bits.columns(),
                        bits.weightScales())));
            }
        }
        return counts;
    }

    /// The form of the output head's weights.
    public String headForm() {
        return switch (weights.head()) {
            case DenseLinear head -> head.weights().form().name();
            case IntegerLinear head -> head.weights().form().name();
            case BitLinear _ -> "ternary";
        };
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
