package org.ternlm.train.run;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ternlm.format.ModelFormatException;
import org.ternlm.model.MasterWeights;
import org.ternlm.model.ModelConfig;
import org.ternlm.train.config.TrainConfig;
import org.ternlm.train.torch.Parameters;
import org.ternlm.train.torch.WeightBlock;

/// The weights that a run begins with.
final class Beginning {
    private Beginning() {}

    /// Fresh ones, or those of a folder.
    ///
    /// @throws ModelFormatException if the folder does not hold the model's weights, or others too
    static Parameters of(TrainConfig config, ModelConfig model) {
        if (config.start().isEmpty()) {
            return Parameters.initial(model, config.recipe().seed());
        }
        Path folder = config.start().get().folder();
        Map<String, float[]> weights = new LinkedHashMap<>(MasterWeights.read(folder).weights());
        if (config.start().get().addSubNorms()) {
            addSubNorms(weights, model);
        }
        weights.keySet().stream().filter(name -> !WeightBlock.shapes(model).containsKey(name)).findFirst()
                .ifPresent(name -> {
                    throw ModelFormatException.in(folder).at(name).expected("the weights of such a model")
                            .found("one that it does not have").problem();
                });
        try {
            return Parameters.of(model, weights);
        } catch (IllegalArgumentException e) {
            throw ModelFormatException.in(folder).expected("the weights of such a model").found(e.getMessage()).cause(e)
                    .problem();
        }
    }

    /// Norms that the model did not have begin with gains of 1.
    private static void addSubNorms(Map<String, float[]> weights, ModelConfig model) {
        WeightBlock.shapes(model).forEach((name, shape) -> {
            if (name.endsWith("sub_norm.weight") && !weights.containsKey(name)) {
                float[] ones = new float[(int) shape[0]];
                Arrays.fill(ones, 1);
                weights.put(name, ones);
            }
        });
    }
}
