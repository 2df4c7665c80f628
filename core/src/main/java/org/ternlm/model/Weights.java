package org.ternlm.model;

import java.util.List;
import org.ternlm.tensor.Tensor;

/// All weights of a model, ready to compute with. Immutable; views of memory that lives as long as the model's arena.
///
/// @param embedding `[vocabularySize, hiddenSize]`
/// @param layers in order
/// @param norm the gain of the last norm
/// @param head to the vocabulary; shares the embedding's memory when tied
record Weights(Tensor embedding, List<Layer> layers, float[] norm, Linear head) {

    Weights {
        layers = List.copyOf(layers);
    }

    /// One transformer layer. The gains of sub-norms are empty where the architecture has none.
    record Layer(float[] attentionNorm, Linear query, Linear key, Linear value, float[] attentionSubNorm,
            Linear output, float[] feedForwardNorm, Linear gate, Linear up, float[] feedForwardSubNorm, Linear down) {}
}
