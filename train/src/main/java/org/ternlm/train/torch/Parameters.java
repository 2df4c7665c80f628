package org.ternlm.train.torch;

import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.ternlm.model.ModelConfig;

/// The master weights of a network, in float, by their names in Hugging Face's files and in their order.
///
/// Made from a seed alone, so that two runs, or two workers, start alike: matrices from a normal distribution with
/// standard deviation 0.02, gains of norms 1. Lives until [#close].
public final class Parameters implements AutoCloseable {
    private static final double DEVIATION = 0.02;

    private final WeightBlock block;

    private Parameters(WeightBlock block) {
        this.block = block;
    }

    /// Fresh weights.
    public static Parameters initial(ModelConfig config, long seed) {
        WeightBlock block = WeightBlock.zeros(config);
        SplittableRandom seeds = new SplittableRandom(seed);
        block.all().forEach((name, tensor) -> {
            float[] values = new float[Math.toIntExact(tensor.numel())];
            SplittableRandom random = seeds.split();
            for (int i = 0; i < values.length; i++) {
                values[i] = tensor.dim() == 1 ? 1 : (float) (random.nextGaussian() * DEVIATION);
            }
            block.fill(name, values);
        });
        return new Parameters(block);
    }

    /// Weights read from elsewhere: exactly the names and shapes of `config`.
    ///
    /// @throws IllegalArgumentException if one is missing or has another size
    public static Parameters of(ModelConfig config, Map<String, float[]> values) {
        WeightBlock block = WeightBlock.zeros(config);
        try {
            block.fill(values);
        } catch (IllegalArgumentException e) {
            block.close();
            throw e;
        }
        return new Parameters(block);
    }

    /// The numbers themselves.
    public WeightBlock block() {
        return block;
    }

    /// The weight of that name.
    public Tensor get(String name) {
        return block.get(name);
    }

    /// All weights.
    public Map<String, Tensor> all() {
        return block.all();
    }

    /// How many numbers they are.
    public long count() {
        return block.count();
    }

    @Override
    public void close() {
        block.close();
    }
}
