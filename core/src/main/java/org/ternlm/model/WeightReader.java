package org.ternlm.model;

import java.lang.foreign.Arena;
import java.util.Arrays;
import org.ternlm.format.ModelFormatException;
import org.ternlm.kernel.Kernels;
import org.ternlm.quant.DenseMatrix;
import org.ternlm.quant.TritArrays;

/// Makes the run-time form of a model's weights.
///
/// @param source where they are
/// @param headForm what the head is to be made of
/// @param kernels whose layout ternary weights get, and whose threads share the work
/// @param arena owns that layout
record WeightReader(ModelSource source, HeadForm headForm, Kernels kernels, Arena arena) {

    Weights read() {
        DenseMatrix embedding = source.embedding();
        float[] norm = source.norm();
        Linear head = head(source.head().orElse(embedding), norm);
        Weights.Layer[] layers = new Weights.Layer[source.config().layers()];
        kernels.workers().share(layers.length, 1, 1_000_000, (from, to) -> {
            TritArrays.reusing(() -> {
                for (int i = from; i < to; i++) {
                    layers[i] = layer(i);
                }
            });
        });
        source.checkNothingLeft();
        return new Weights(embedding, Arrays.asList(layers), norm, head);
    }

    private Linear head(DenseMatrix matrix, float[] gain) {
        try {
            return Head.of(matrix, gain, headForm, kernels.workers(), arena);
        } catch (IllegalArgumentException unfit) {
            throw ModelFormatException.in(source.configPath()).at("output head").expected("weights that can be rounded")
                    .found(unfit.getMessage()).hint("--head file leaves it as it is").cause(unfit).problem();
        }
    }

    private Weights.Layer layer(int index) {
        return Weights.Layer.of(role -> source.norm(index, role), role -> linear(index, role));
    }

    private Linear linear(int index, LinearRole role) {
        return switch (source.linear(index, role, arena)) {
            case LinearWeights.Ternary(var matrix, var bias) ->
                role.hasSparseInput(source.config())
                        ? BitLinear.packForSparseInput(matrix, bias, inputNorm(index, role), kernels, arena)
                        : BitLinear.pack(matrix, bias, inputNorm(index, role), kernels, arena);
            case LinearWeights.Dense(var numbers, var bias) -> new DenseLinear(numbers, bias);
        };
    }

    private BitLinear.InputNorm inputNorm(int index, LinearRole role) {
        float[] gain = source.inputNorm(index, role);
        return gain.length == 0
                ? BitLinear.InputNorm.NONE
                : new BitLinear.InputNorm(gain, source.config().inputNormEpsilon());
    }
}
