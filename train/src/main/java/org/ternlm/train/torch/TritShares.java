package org.ternlm.train.torch;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.ternlm.model.LinearKind;
import org.ternlm.model.ModelConfig;

/// Counts what the master weights would be as -1, 0 and +1.
final class TritShares {
    private TritShares() {}

    static double[] of(ModelConfig config, Parameters parameters) {
        double[] counts = new double[3];
        double total = 0;
        if (config.linearKind() != LinearKind.MASTER_TERNARY && config.linearKind() != LinearKind.MASTER_SIGN) {
            return counts;
        }
        try (NoGradGuard frozen = new NoGradGuard()) {
            for (Tensor weight : Network.linears(parameters).values()) {
                try (PointerScope scope = new PointerScope()) {
                    double edge = config.linearKind() == LinearKind.MASTER_SIGN
                            ? 0
                            : 0.5 * FakeQuantization.weightScale(config.linearKind(), weight).item_float();
                    Tensor centred = config.linearKind() == LinearKind.MASTER_SIGN ? weight.sub(weight.mean()) : weight;
                    double above = centred.gt(new Scalar(edge)).sum().item_long();
                    double below = config.linearKind() == LinearKind.MASTER_SIGN
                            ? weight.numel() - above
                            : centred.lt(new Scalar(-edge)).sum().item_long();
                    counts[0] += below;
                    counts[1] += weight.numel() - above - below;
                    counts[2] += above;
                    total += weight.numel();
                }
            }
        }
        for (int i = 0; i < 3; i++) {
            counts[i] /= total;
        }
        return counts;
    }
}
