package org.ternlm.train.torch;

import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.scalar_tensor;

import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ternlm.model.LinearKind;
import org.ternlm.quant.AbsMax;
import org.ternlm.quant.AbsMean;

/// BitLinear for training: the forward pass computes with the rounded numbers, the backward pass as if nothing had been
/// rounded (straight-through estimator, arXiv 2310.11453, section 2.2).
///
/// ```
/// y = (q · tritᵀ) · weightScale / multiplier       q = round(x · multiplier), trit = round(W / weightScale)
/// dx = dy · (weightScale · trit)                   dW = dyᵀ · (q / multiplier)
/// ```
///
/// The matrix product runs on the integers themselves (small integers are exact in bfloat16 too), so the forward pass is
/// that of the runtime, but for the rounding of its result in bfloat16.
final class FakeQuantization {
    private FakeQuantization() {}

    /// A linear layer of that kind with the master weights `weight`, `[rows, columns]`, on `x`, `[…, columns]`.
    ///
    /// @param share how ternary the weights are: W + share · (Q(W) - W)
    static Tensor apply(LinearKind kind, Tensor x, Tensor weight, Precision precision, double share) {
        if (!kind.isTernary()) {
            return linear(precision.cast(x), precision.cast(weight));
        }
        Tensor multiplier;
        Tensor weightScale;
        try (NoGradGuard frozen = new NoGradGuard()) {
            multiplier = multiplier(x);
            weightScale = weightScale(kind, weight);
        }
        Tensor q = roundStraightThrough(x.mul(multiplier));
        Tensor trits = trits(kind, weight, weightScale, share);
        Tensor sums = linear(precision.cast(q), precision.cast(trits));
        Tensor factor;
        try (NoGradGuard frozen = new NoGradGuard()) {
            factor = weightScale.div(multiplier);
        }
        return sums.mul(factor);
    }

    /// For each token 127 / max(max |x|, 1e-5), with a last dimension of 1.
    private static Tensor multiplier(Tensor x) {
        Tensor largest = x.abs().amax(new long[] {-1}, true);
        // One division, as the runtime has it: the inverse times 127 is rounded twice and decides ties differently.
        return scalar_tensor(new Scalar(127.0f)).div(largest.clamp_min(new Scalar(AbsMax.SMALLEST_MAXIMUM)));
    }

    /// mean |W|, the sum in double, as the runtime has it; of ternary weights at least 1e-5. ±1 weights have no such bound
    /// (only one that keeps the inverse finite).
    static Tensor weightScale(LinearKind kind, Tensor weight) {
        float smallest = kind == LinearKind.MASTER_SIGN ? Float.MIN_NORMAL : AbsMean.SMALLEST_SCALE;
        double sum = weight.abs().sum(new ScalarTypeOptional(
                ScalarType.Double)).item_double();
        float scale = Math.max((float) (sum / weight.numel()), smallest);
        return scalar_tensor(new Scalar(scale));
    }

    private static Tensor roundStraightThrough(Tensor z) {
        Tensor step;
        try (NoGradGuard frozen = new NoGradGuard()) {
            step = z.round().sub_(z);
        }
        return z.add(step);
    }

    /// What weights are rounded to, as floats.
    static Tensor rounded(LinearKind kind, Tensor weight, Tensor scaled) {
        return kind == LinearKind.MASTER_SIGN
                ? signs(weight)
                : scaled.round().clamp_(new ScalarOptional(new Scalar(-1.0f)), new ScalarOptional(new Scalar(1.0f)));
    }

    private static Tensor trits(LinearKind kind, Tensor weight, Tensor weightScale, double share) {
        Tensor scaled = weight.mul(weightScale.reciprocal());
        Tensor rounded;
        try (NoGradGuard frozen = new NoGradGuard()) {
            rounded = rounded(kind, weight, scaled);
            if (share < 1) {
                rounded = scaled.add(rounded.sub_(scaled), new Scalar(share));
            }
        }
        // A zero that carries the gradient. Adding the step from `scaled` instead would miss -1 by an ulp where a
        // positive weight lies below the mean.
        return scaled.sub(scaled.detach()).add_(rounded);
    }

    /// +1 where W - mean(W) > 0, else -1; the mean in double, as the runtime has it.
    private static Tensor signs(Tensor weight) {
        double mean = weight.mean(new ScalarTypeOptional(ScalarType.Double)).item_double();
        // A float is above the mean if and only if it is above the largest float that is not.
        float edge = (float) mean;
        if (edge > mean) {
            edge = Math.nextDown(edge);
        }
        return weight.gt(new Scalar(edge)).to(ScalarType.Float).mul_(new Scalar(2.0f)).sub_(new Scalar(1.0f));
    }
}
