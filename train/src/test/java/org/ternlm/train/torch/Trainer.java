package org.ternlm.train.torch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.Kernels;
import org.ternlm.model.ModelConfig;
import org.ternlm.train.fused.FusedPass;
import org.ternlm.train.fused.PassMode;
import org.ternlm.train.torch.Sequences;

/// The shortest training loop: another random batch each step, clipped gradients, a constant rate.
final class Trainer implements AutoCloseable {
    private static final int BATCH = 4;
    private static final int LENGTH = 64;

    private final Parameters parameters;
    private final Kernels kernels;
    private final FusedPass pass;
    private final AdamW optimiser;
    private final ModelConfig config;

    /// Starts from fresh weights, which follow from the seed.
    Trainer(ModelConfig config, Precision precision, long seed, int threads) {
        this(config, precision, Parameters.initial(config, seed), threads);
    }

    /// Starts from these weights.
    Trainer(ModelConfig config, Precision precision, Parameters parameters, int threads) {
        this.config = config;
        this.parameters = parameters;
        kernels = KernelSelection.choose().open(threads);
        pass = new FusedPass(config, parameters, new FusedPass.Plan(precision, PassMode.KEEP, false, BATCH, LENGTH),
                kernels.floats(), kernels.workers());
        optimiser = new AdamW(config, parameters, 0.9, 0.95);
    }

    Parameters parameters() {
        return parameters;
    }

    AdamW optimiser() {
        return optimiser;
    }

    /// One step on the batch that follows from the number of steps made; returns its loss.
    double step() {
        SplittableRandom random = new SplittableRandom(optimiser.steps());
        Sequences batch = Sequences.of(random.ints(BATCH * (LENGTH + 1), 0, config.vocabularySize()).toArray(), LENGTH);
        pass.begin(1);
        double loss = pass.lossAndGradients(batch, 1.0 / (BATCH * LENGTH)) / (BATCH * LENGTH);
        double norm = AdamW.norm(pass.gradients(), kernels.workers());
        optimiser.step(pass.gradients(), Math.min(1, 1 / norm), 3e-3, 0.1, kernels.workers());
        return loss;
    }

    /// Copies of tensors by name.
    static Map<String, float[]> copies(Map<String, Tensor> tensors) {
        Map<String, float[]> values = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> values.put(name, Torch.values(tensor)));
        return values;
    }

    @Override
    public void close() {
        pass.close();
        optimiser.close();
        parameters.close();
        kernels.close();
    }
}
