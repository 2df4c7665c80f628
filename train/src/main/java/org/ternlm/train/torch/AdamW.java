package org.ternlm.train.torch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;
import org.ternlm.kernel.Workers;
import org.ternlm.model.ModelConfig;

/// AdamW (Loshchilov and Hutter, arXiv 1711.05101): moments of the gradient, corrected for their start at zero, and
/// weight decay apart from them.
///
/// ```
/// m = β1·m + (1 - β1)·g        v = β2·v + (1 - β2)·g²
/// p = p·(1 - rate·decay) - rate · m/(1 - β1ᵗ) / (√(v/(1 - β2ᵗ)) + ε)
/// ```
///
/// Decay applies to matrices only, not to the gains of norms. The moments are part of a checkpoint. One pass over the
/// memory, shared by the workers; the result does not depend on how many they are. Not thread-safe.
public final class AdamW implements AutoCloseable {
    private static final float EPSILON = 1e-8f;
    private static final int CHUNK = 8192;

    private final Parameters parameters;
    private final double beta1;
    private final double beta2;
    private final WeightBlock first;
    private final WeightBlock second;
    private final List<Chunk> chunks = new ArrayList<>();
    private long steps;

    /// Consecutive weights of one tensor.
    private record Chunk(long offset, int length, boolean decays) {}

    /// What a step multiplies with.
    private record Factors(float gradient, float decay, float rate, float root) {}

    public AdamW(ModelConfig config, Parameters parameters, double beta1, double beta2) {
        this.parameters = parameters;
        this.beta1 = beta1;
        this.beta2 = beta2;
        first = WeightBlock.zeros(config);
        second = WeightBlock.zeros(config);
        parameters.all().forEach((name, tensor) -> {
            long offset = parameters.block().offset(name);
            long size = tensor.numel();
            for (long at = 0; at < size; at += CHUNK) {
                chunks.add(new Chunk(offset + at, (int) Math.min(CHUNK, size - at), tensor.dim() > 1));
            }
        });
    }

    /// One step along the gradients.
    ///
    /// @param scale what the gradients are multiplied with first: below 1 where they are clipped
    public void step(WeightBlock gradients, double scale, double rate, double decay, Workers workers) {
        steps++;
        Factors factors = new Factors((float) scale, (float) (1 - rate * decay),
                (float) (-rate / (1 - Math.pow(beta1, steps))), (float) (1 / Math.sqrt(1 - Math.pow(beta2, steps))));
        workers.share(chunks.size(), 1, CHUNK, (from, to) -> {
            float[] p = new float[CHUNK];
            float[] g = new float[CHUNK];
            float[] m = new float[CHUNK];
            float[] v = new float[CHUNK];
            for (int i = from; i < to; i++) {
                Chunk chunk = chunks.get(i);
                read(parameters.block(), chunk, p);
                read(gradients, chunk, g);
                read(first, chunk, m);
                read(second, chunk, v);
                moments(g, m, v, chunk.length, factors.gradient);
                move(p, m, v, chunk, factors);
                write(parameters.block(), chunk, p);
                write(first, chunk, m);
                write(second, chunk, v);
            }
        });
    }

    /// The norm of all gradients together. Sums of fixed parts are added in order, so that it does not depend on how many
    /// workers there are.
    public static double norm(WeightBlock gradients, Workers workers) {
        long count = gradients.count();
        double[] sums = new double[Math.toIntExact(Math.ceilDiv(count, (long) CHUNK))];
        workers.share(sums.length, 1, CHUNK, (from, to) -> {
            float[] g = new float[CHUNK];
            for (int i = from; i < to; i++) {
                long at = (long) i * CHUNK;
                int length = (int) Math.min(CHUNK, count - at);
                read(gradients, new Chunk(at, length, false), g);
                sums[i] = squares(g, length);
            }
        });
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        return Math.sqrt(total);
    }

    private static double squares(float[] g, int length) {
        double even = 0;
        double odd = 0;
        for (int i = 0; i < length - 1; i += 2) {
            even += (double) g[i] * g[i];
            odd += (double) g[i + 1] * g[i + 1];
        }
        double last = length % 2 == 0 ? 0 : g[length - 1];
        return even + odd + last * last;
    }

    private void moments(float[] g, float[] m, float[] v, int length, float scale) {
        float b1 = (float) beta1;
        float b2 = (float) beta2;
        float c1 = (float) (1 - beta1);
        float c2 = (float) (1 - beta2);
        for (int i = 0; i < length; i++) {
            float gradient = g[i] * scale;
            m[i] = b1 * m[i] + c1 * gradient;
            v[i] = b2 * v[i] + c2 * gradient * gradient;
        }
    }

    private static void move(float[] p, float[] m, float[] v, Chunk chunk, Factors factors) {
        float decay = chunk.decays ? factors.decay : 1;
        float rate = factors.rate;
        float root = factors.root;
        for (int i = 0; i < chunk.length; i++) {
            p[i] = p[i] * decay + rate * m[i] / ((float) Math.sqrt(v[i]) * root + EPSILON);
        }
    }

    private static void read(WeightBlock block, Chunk chunk, float[] into) {
        MemorySegment.copy(block.memory(), ValueLayout.JAVA_FLOAT, chunk.offset * Float.BYTES, into, 0, chunk.length);
    }

    private static void write(WeightBlock block, Chunk chunk, float[] from) {
        MemorySegment.copy(from, 0, block.memory(), ValueLayout.JAVA_FLOAT, chunk.offset * Float.BYTES, chunk.length);
    }

    /// Steps made so far.
    public long steps() {
        return steps;
    }

    /// First moments by name of the weight.
    public Map<String, Tensor> firstMoments() {
        return first.all();
    }

    /// Second moments by name of the weight.
    public Map<String, Tensor> secondMoments() {
        return second.all();
    }

    /// Puts back a state that [#steps], [#firstMoments] and [#secondMoments] showed.
    ///
    /// @throws IllegalArgumentException if it is that of another model
    public void restore(long steps, Map<String, float[]> firstMoments, Map<String, float[]> secondMoments) {
        this.steps = steps;
        first.fill(firstMoments);
        second.fill(secondMoments);
    }

    /// Lets someone replace the moments, and sets the steps that they are of.
    public void share(long steps, Consumer<WeightBlock> moments) {
        this.steps = steps;
        moments.accept(first);
        moments.accept(second);
    }

    @Override
    public void close() {
        first.close();
        second.close();
    }
}
