package org.ternlm.train.torch;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ternlm.model.ModelConfig;
import org.ternlm.tensor.Shape;

/// One float for each weight of a model, all in one piece of native memory, with a view for each tensor: master weights,
/// gradients, moments. What concerns all of them (a sum over workers, a step of the optimiser) is one pass over it.
///
/// Tensors stand in the order of [#shapes]: the weights of layers that share their input (query, key and value; gate and
/// up) lie one behind the other, so that they are one matrix too.
public final class WeightBlock implements AutoCloseable {
    private final Tensor flat;
    private final MemorySegment memory;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, Long> offsets = new LinkedHashMap<>();

    private WeightBlock(ModelConfig config) {
        Map<String, long[]> shapes = shapes(config);
        long total = shapes.values().stream().mapToLong(WeightBlock::size).sum();
        try (PointerScope scope = new PointerScope()) {
            flat = torch.zeros(new long[] {total}, new TensorOptions(ScalarType.Float)).retainReference();
            memory = Torch.memory(flat);
            long offset = 0;
            for (Map.Entry<String, long[]> entry : shapes.entrySet()) {
                long size = size(entry.getValue());
                offsets.put(entry.getKey(), offset);
                tensors.put(entry.getKey(),
                        flat.narrow(0, offset, size).view(entry.getValue()).retainReference());
                offset += size;
            }
        }
    }

    /// Zeros.
    public static WeightBlock zeros(ModelConfig config) {
        return new WeightBlock(config);
    }

    private static long size(long... shape) {
        return new Shape(shape).elements();
    }

    /// Names, as Hugging Face's files have them, and shapes of all weights of such a model.
    public static Map<String, long[]> shapes(ModelConfig config) {
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

    /// The tensor of that name.
    public Tensor get(String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    /// All tensors by name.
    public Map<String, Tensor> all() {
        return Collections.unmodifiableMap(tensors);
    }

    /// All numbers, `[count]`.
    public Tensor flat() {
        return flat;
    }

    /// The memory of [#flat].
    public MemorySegment memory() {
        return memory;
    }

    /// The place in [#flat] where that tensor begins.
    public long offset(String name) {
        return Objects.requireNonNull(offsets.get(name), name);
    }

    /// How many numbers they are.
    public long count() {
        return memory.byteSize() / Float.BYTES;
    }

    /// Takes over the values of all tensors.
    ///
    /// @throws IllegalArgumentException if one is missing or has another size
    public void fill(Map<String, float[]> values) {
        tensors.forEach((name, tensor) -> {
            float[] found = values.get(name);
            if (found == null || found.length != tensor.numel()) {
                throw new IllegalArgumentException("%s: expected %d values, found %s".formatted(name, tensor.numel(),
                        found == null ? "none" : found.length));
            }
            fill(name, found);
        });
    }

    void fill(String name, float[] values) {
        memory.asSlice(offset(name) * Float.BYTES).copyFrom(MemorySegment.ofArray(values));
    }

    /// All zeros again.
    public void clear() {
        memory.fill((byte) 0);
    }

    @Override
    public void close() {
        tensors.values().forEach(Tensor::close);
        tensors.clear();
        flat.close();
    }
}
