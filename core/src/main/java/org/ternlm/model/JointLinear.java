package org.ternlm.model;

import java.util.ArrayList;
import java.util.List;
import org.ternlm.kernel.Kernels;

/// Layers that take the same input: query, key and value; gate and up. Computed together where that is possible.
final class JointLinear {
    private final List<Linear> layers;
    private final List<BitLinear> together;

    private JointLinear(List<Linear> layers, List<BitLinear> together) {
        this.layers = layers;
        this.together = together;
    }

    static JointLinear of(Linear... layers) {
        List<BitLinear> ternary = new ArrayList<>();
        for (Linear layer : layers) {
            if (layer instanceof BitLinear bit && !bit.hasInputNorm()
                    && (ternary.isEmpty() || ternary.getFirst().packing().equals(bit.packing()))) {
                ternary.add(bit);
            }
        }
        return new JointLinear(List.of(layers), ternary.size() == layers.length ? List.copyOf(ternary) : List.of());
    }

    /// Computes `outputs[i]`, `[tokens, rows]`, of the i-th layer.
    void apply(LinearInput input, float[][] outputs, Kernels kernels) {
        if (!together.isEmpty()) {
            TernaryProducts.compute(together, input, outputs, kernels);
            return;
        }
        for (int i = 0; i < outputs.length; i++) {
            layers.get(i).apply(input, outputs[i], kernels);
        }
    }
}
