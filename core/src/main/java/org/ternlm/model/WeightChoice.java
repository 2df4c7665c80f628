package org.ternlm.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import org.ternlm.format.ModelFormatException;
import org.ternlm.quant.AbsMean;

/// The linear layers of a model on their way into a file: as they are, or real weights rounded to ternary ones by
/// [AbsMean], which a model that was not trained that way does not survive.
///
/// @param source the model
/// @param rounds whether real weights are rounded
record WeightChoice(ModelSource source, boolean rounds) {

    /// A linear layer as it is to be written.
    LinearWeights linear(int index, LinearRole role, Arena arena) {
        LinearWeights weights = source.linear(index, role, arena);
        if (!rounds || !(weights instanceof LinearWeights.Dense dense)) {
            return weights;
        }
        ModelConfig config = source.config();
        try {
            return new LinearWeights.Ternary(AbsMean.ternarize(dense.numbers().floats(), role.rows(config),
                    role.columns(config)), dense.bias());
        } catch (IllegalArgumentException e) {
            throw ModelFormatException.in(source.configPath()).at("layer " + index + ", " + role)
                    .expected("finite weights").found(e.getMessage()).cause(e).problem();
        }
    }

    /// Something that may turn out to be impossible for the weights at hand.
    interface Work {
        void run() throws IOException;
    }

    /// Does `work`; if a type cannot hold the weights of `place`, says so.
    void guarded(String place, Work work) throws IOException {
        try {
            work.run();
        } catch (IllegalArgumentException e) {
            throw problem(place).expected("weights that the type can hold").found(e.getMessage()).cause(e).problem();
        }
    }

    /// The start of an exception about `place` in the model.
    ModelFormatException.Problem problem(String place) {
        return ModelFormatException.in(source.configPath()).at(place);
    }

    /// Whether the layer will be ternary.
    boolean isTernary(int index, LinearRole role) {
        try (Arena arena = Arena.ofConfined()) {
            return rounds || source.linear(index, role, arena) instanceof LinearWeights.Ternary;
        }
    }
}
