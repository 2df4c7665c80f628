package org.ternlm.model;

import java.util.List;
import java.util.function.Function;
import org.ternlm.quant.DenseMatrix;

/// All weights of a model, ready to compute with. Immutable; views of memory that lives as long as the model's arena.
///
/// @param embedding `[vocabularySize, hiddenSize]`
/// @param layers in order
/// @param norm the gain of the last norm
/// @param head to the vocabulary; shares the embedding's memory when tied
record Weights(DenseMatrix embedding, List<Layer> layers, float[] norm, Linear head) {

    Weights {
        layers = List.copyOf(layers);
    }

    /// Bytes of the matrices that every token passes through; of the embedding it reads one row.
    long bytesPerToken() {
        return head.byteSize() + layers.stream().mapToLong(Layer::byteSize).sum();
    }

    /// One transformer layer. Gains are empty where the architecture has no such norm.
    record Layer(float[] attentionNorm, Linear query, Linear key, Linear value, float[] queryNorm,
            float[] keyNorm, float[] attentionSubNorm, Linear output, float[] feedForwardNorm, Linear gate, Linear up,
            float[] feedForwardSubNorm, Linear down) {

        static Layer of(Function<NormRole, float[]> norms, Function<LinearRole, Linear> linears) {
            return new Layer(norms.apply(NormRole.ATTENTION), linears.apply(LinearRole.QUERY),
                    linears.apply(LinearRole.KEY), linears.apply(LinearRole.VALUE), norms.apply(NormRole.QUERY),
                    norms.apply(NormRole.KEY), norms.apply(NormRole.ATTENTION_SUB),
                    linears.apply(LinearRole.OUTPUT), norms.apply(NormRole.FEED_FORWARD),
                    linears.apply(LinearRole.GATE), linears.apply(LinearRole.UP),
                    norms.apply(NormRole.FEED_FORWARD_SUB), linears.apply(LinearRole.DOWN));
        }

        List<Linear> linears() {
            return List.of(query, key, value, output, gate, up, down);
        }

        long byteSize() {
            return linears().stream().mapToLong(Linear::byteSize).sum();
        }
    }
}
