package org.ternlm.train.torch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.ternlm.model.ModelConfig;

/// The shortest training loop: another random batch each step, clipped gradients, a constant rate.
final class Trainer implements AutoCloseable {
    private static final int BATCH = 4;
    private static final int LENGTH = 64;

    private final Parameters parameters;
    private final Network network;
    private final AdamW optimiser;
    private final ModelConfig config;
    private final Precision precision;

    /// Starts from fresh weights, which follow from the seed.
    Trainer(ModelConfig config, Precision precision, long seed) {
        this(config, precision, Parameters.initial(config, seed));
    }

    /// Starts from these weights.
    Trainer(ModelConfig config, Precision precision, Parameters parameters) {
        this.config = config;
        this.precision = precision;
        this.parameters = parameters;
        network = new Network(config, parameters);
        optimiser = new AdamW(parameters, 0.9, 0.95);
    }

    Parameters parameters() {
        return parameters;
    }

    AdamW optimiser() {
        return optimiser;
    }

    /// One step on the batch that follows from the number of steps made; returns its loss.
    float step() {
        SplittableRandom random = new SplittableRandom(optimiser.steps());
        try (PointerScope scope = new PointerScope()) {
            optimiser.zeroGradients();
            Tensor loss = network.loss(tokens(random), tokens(random), precision);
            loss.backward();
            optimiser.clip(1);
            optimiser.step(3e-3, 0.1);
            return loss.item_float();
        }
    }

    private Tensor tokens(SplittableRandom random) {
        return Torch.longs(random.longs((long) BATCH * LENGTH, 0, config.vocabularySize()).toArray(), BATCH, LENGTH);
    }

    /// Copies of tensors by name.
    static Map<String, float[]> copies(Map<String, Tensor> tensors) {
        Map<String, float[]> values = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> values.put(name, Torch.values(tensor)));
        return values;
    }

    @Override
    public void close() {
        optimiser.close();
        parameters.close();
    }
}
