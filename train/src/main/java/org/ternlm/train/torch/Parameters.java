package org.ternlm.train.torch;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;
import org.ternlm.model.ModelConfig;
import org.ternlm.tensor.Shape;

/// The master weights of a network, in float, by their names in Hugging Face's files and in their order.
///
/// Made from a seed alone, so that two runs, or two workers, start alike: matrices from a normal distribution with
/// standard deviation 0.02, gains of norms 1. Lives until [#close].
public final class Parameters implements AutoCloseable {
    private static final double DEVIATION = 0.02;

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    private Parameters() {}

    /// Fresh weights.
    public static Parameters initial(ModelConfig config, long seed) {
        Parameters parameters = new Parameters();
        SplittableRandom seeds = new SplittableRandom(seed);
        shapes(config).forEach((name, shape) -> {
            float[] values = new float[size(shape)];
            SplittableRandom random = seeds.split();
            for (int i = 0; i < values.length; i++) {
                values[i] = shape.length == 1 ? 1 : (float) (random.nextGaussian() * DEVIATION);
            }
            parameters.put(name, Torch.floats(values, shape));
        });
        return parameters;
    }

    /// Weights read from elsewhere: exactly the names and shapes of `config`.
    ///
    /// @throws IllegalArgumentException if one is missing or has another size
    public static Parameters of(ModelConfig config, Map<String, float[]> values) {
        Parameters parameters = new Parameters();
        shapes(config).forEach((name, shape) -> {
            float[] found = values.get(name);
            int size = size(shape);
            if (found == null || found.length != size) {
                throw new IllegalArgumentException("%s: expected %d values, found %s".formatted(name, size,
                        found == null ? "none" : found.length));
            }
            parameters.put(name, Torch.floats(found, shape));
        });
        return parameters;
    }

    private static int size(long... shape) {
        return Math.toIntExact(new Shape(shape).elements());
    }

    private void put(String name, Tensor tensor) {
        tensors.put(name, tensor.set_requires_grad(true).retainReference());
    }

    /// Names and shapes of all weights of such a model.
    static Map<String, long[]> shapes(ModelConfig config) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        long hidden = config.hiddenSize();
        long inner = config.feedForwardSize();
        shapes.put("model.embed_tokens.weight", new long[] {config.vocabularySize(), hidden});
        for (int i = 0; i < config.layers(); i++) {
            String layer = "model.layers." + i + ".";
            shapes.put(layer + "input_layernorm.weight", new long[] {hidden});
            shapes.put(layer + "self_attn.q_proj.weight", new long[] {config.querySize(), hidden});
            shapes.put(layer + "self_attn.k_proj.weight", new long[] {config.keyValueSize(), hidden});
            shapes.put(layer + "self_attn.v_proj.weight", new long[] {config.keyValueSize(), hidden});
            shapes.put(layer + "self_attn.o_proj.weight", new long[] {hidden, config.querySize()});
            shapes.put(layer + "post_attention_layernorm.weight", new long[] {hidden});
            shapes.put(layer + "mlp.gate_proj.weight", new long[] {inner, hidden});
            shapes.put(layer + "mlp.up_proj.weight", new long[] {inner, hidden});
            shapes.put(layer + "mlp.down_proj.weight", new long[] {hidden, inner});
            if (config.subNorms()) {
                shapes.put(layer + "self_attn.attn_sub_norm.weight", new long[] {config.querySize()});
                shapes.put(layer + "mlp.ffn_sub_norm.weight", new long[] {inner});
            }
        }
        shapes.put("model.norm.weight", new long[] {hidden});
        if (!config.tiedHead()) {
            shapes.put("lm_head.weight", new long[] {config.vocabularySize(), hidden});
        }
        return shapes;
    }

    /// The weight of that name.
    public Tensor get(String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    /// All weights.
    public Map<String, Tensor> all() {
        return Collections.unmodifiableMap(tensors);
    }

    /// The weights whose names pass.
    Map<String, Tensor> matching(Predicate<String> names) {
        Map<String, Tensor> found = new LinkedHashMap<>(tensors);
        found.keySet().removeIf(names.negate());
        return found;
    }

    /// How many numbers they are.
    public long count() {
        return tensors.values().stream().mapToLong(Tensor::numel).sum();
    }

    @Override
    public void close() {
        tensors.values().forEach(Tensor::close);
        tensors.clear();
    }
}
