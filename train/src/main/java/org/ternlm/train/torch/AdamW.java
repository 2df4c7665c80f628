package org.ternlm.train.torch;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// AdamW (Loshchilov and Hutter, arXiv 1711.05101): moments of the gradient, corrected for their start at zero, and
/// weight decay apart from them.
///
/// ```
/// m = β1·m + (1 - β1)·g        v = β2·v + (1 - β2)·g²
/// p = p·(1 - rate·decay) - rate · m/(1 - β1ᵗ) / (√(v/(1 - β2ᵗ)) + ε)
/// ```
///
/// Decay applies to matrices only, not to the gains of norms. The moments are part of a checkpoint. Not thread-safe.
public final class AdamW implements AutoCloseable {
    private static final double EPSILON = 1e-8;

    private final Parameters parameters;
    private final double beta1;
    private final double beta2;
    private final Map<String, Tensor> first = new LinkedHashMap<>();
    private final Map<String, Tensor> second = new LinkedHashMap<>();
    private long steps;

    public AdamW(Parameters parameters, double beta1, double beta2) {
        this.parameters = parameters;
        this.beta1 = beta1;
        this.beta2 = beta2;
        try (NoGradGuard frozen = new NoGradGuard()) {
            parameters.all().forEach((name, tensor) -> {
                first.put(name, tensor.mul(new Scalar(0.0f)).retainReference());
                second.put(name, tensor.mul(new Scalar(0.0f)).retainReference());
            });
        }
    }

    /// One step along the gradients, which are left as they are.
    public void step(double rate, double decay) {
        steps++;
        double correction1 = 1 - Math.pow(beta1, steps);
        double correction2 = Math.sqrt(1 - Math.pow(beta2, steps));
        try (NoGradGuard frozen = new NoGradGuard()) {
            parameters.all().forEach((name, tensor) -> {
                try (PointerScope scope = new PointerScope()) {
                    Tensor gradient = tensor.grad();
                    if (!gradient.defined()) {
                        return;
                    }
                    Tensor m = moment(first, name);
                    Tensor v = moment(second, name);
                    m.mul_(new Scalar(beta1)).add_(gradient, new Scalar(1 - beta1));
                    v.mul_(new Scalar(beta2)).addcmul_(gradient, gradient, new Scalar(1 - beta2));
                    Tensor root = v.sqrt().div_(new Scalar(correction2)).add_(new Scalar(EPSILON));
                    if (decay != 0 && tensor.dim() > 1) {
                        tensor.mul_(new Scalar(1 - rate * decay));
                    }
                    tensor.addcdiv_(m, root, new Scalar(-rate / correction1));
                }
            });
        }
    }

    private static Tensor moment(Map<String, Tensor> moments, String name) {
        return Objects.requireNonNull(moments.get(name));
    }

    /// Scales all gradients together so that their norm is at most `largest`; returns the norm before.
    public double clip(double largest) {
        try (NoGradGuard frozen = new NoGradGuard(); PointerScope scope = new PointerScope()) {
            double squares = 0;
            for (Tensor tensor : parameters.all().values()) {
                Tensor gradient = tensor.grad();
                if (gradient.defined()) {
                    double norm = gradient.norm().item_float();
                    squares += norm * norm;
                }
            }
            double norm = Math.sqrt(squares);
            if (norm > largest) {
                Scalar factor = new Scalar(largest / (norm + 1e-6));
                parameters.all().values().forEach(tensor -> {
                    if (tensor.grad().defined()) {
                        tensor.grad().mul_(factor);
                    }
                });
            }
            return norm;
        }
    }

    /// Forgets all gradients.
    public void zeroGradients() {
        try (PointerScope scope = new PointerScope()) {
            parameters.all().values().forEach(tensor -> {
                if (tensor.grad().defined()) {
                    tensor.grad().zero_();
                }
            });
        }
    }

    /// Steps made so far.
    public long steps() {
        return steps;
    }

    /// First moments by name of the weight.
    public Map<String, Tensor> firstMoments() {
        return first;
    }

    /// Second moments by name of the weight.
    public Map<String, Tensor> secondMoments() {
        return second;
    }

    /// Puts back a state that [#steps], [#firstMoments] and [#secondMoments] showed.
    public void restore(long steps, Map<String, float[]> firstMoments, Map<String, float[]> secondMoments) {
        this.steps = steps;
        copy(firstMoments, first);
        copy(secondMoments, second);
    }

    private static void copy(Map<String, float[]> source, Map<String, Tensor> target) {
        target.forEach((name, tensor) -> {
            float[] values = source.get(name);
            if (values == null || values.length != tensor.numel()) {
                throw new IllegalArgumentException("%s: expected %d moments, found %s".formatted(name, tensor.numel(),
                        values == null ? "none" : values.length));
            }
            Torch.memory(tensor).copyFrom(MemorySegment.ofArray(values));
        });
    }

    @Override
    public void close() {
        first.values().forEach(Tensor::close);
        second.values().forEach(Tensor::close);
    }
}
