package org.ternlm.model;

import java.util.Arrays;
import org.ternlm.kernel.Kernels;
import org.ternlm.tensor.Tensor;

/// Gathers the weights of a model from a file, place by place.
///
/// @param config what there has to be
/// @param names what the file calls it
/// @param source the tensors
/// @param linears the linear layers, from the same tensors
/// @param kernels whose threads share the work
record WeightReader(ModelConfig config, WeightNames names, TensorSource source, LinearSource linears, Kernels kernels) {

    Weights read() {
        int vocabulary = config.vocabularySize();
        int hidden = config.hiddenSize();
        Tensor embedding = source.floating(names.embedding() + ".weight", vocabulary, hidden);
        float[] norm = source.values(names.norm() + ".weight", hidden);
        Linear head;
        if (config.tiedHead()) {
            head = new DenseLinear(embedding, new float[0]);
            source.ignore(names.head() + ".weight");
        } else {
            head = new DenseLinear(source.floating(names.head() + ".weight", vocabulary, hidden), new float[0]);
        }
        Weights.Layer[] layers = new Weights.Layer[config.layers()];
        kernels.workers().share(layers.length, 1, 1_000_000, (from, to) -> {
            for (int i = from; i < to; i++) {
                layers[i] = layer(names.layer(i));
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
        return new Weights.Layer(norm(prefix + names.attentionNorm(), hidden),
                linears.read(prefix + names.query(), query, hidden, bias),
                linears.read(prefix + names.key(), keyValue, hidden, bias),
                linears.read(prefix + names.value(), keyValue, hidden, bias),
                subNorm(prefix + names.attentionSubNorm(), query),
                linears.read(prefix + names.output(), hidden, query, bias),
                norm(prefix + names.feedForwardNorm(), hidden),
                linears.read(prefix + names.gate(), inner, hidden, innerBias),
                linears.read(prefix + names.up(), inner, hidden, innerBias),
                subNorm(prefix + names.feedForwardSubNorm(), inner),
                linears.read(prefix + names.down(), hidden, inner, innerBias));
    }

    private float[] norm(String name, int size) {
        return source.values(name + ".weight", size);
    }

    private float[] subNorm(String name, int size) {
        return config.subNorms() ? norm(name, size) : new float[0];
    }
}
