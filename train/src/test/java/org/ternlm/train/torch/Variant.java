package org.ternlm.train.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.ternlm.model.Activation;
import org.ternlm.model.LinearKind;
import org.ternlm.model.ModelConfig;
import org.ternlm.model.RopeScaling;

/// What distinguishes one architecture from another in training, on shapes that are no multiple of anything.
record Variant(LinearKind kind, boolean subNorms, Activation activation, boolean tiedHead, boolean grouped) {

    /// All combinations of the three arms.
    static List<Variant> all() {
        List<Variant> variants = new ArrayList<>();
        boolean[] choices = {false, true};
        for (LinearKind kind : List.of(LinearKind.DENSE, LinearKind.MASTER_TERNARY, LinearKind.MASTER_SIGN)) {
            for (Activation activation : Activation.values()) {
                for (boolean subNorms : choices) {
                    for (boolean tied : choices) {
                        for (boolean grouped : choices) {
                            variants.add(new Variant(kind, subNorms, activation, tied, grouped));
                        }
                    }
                }
            }
        }
        return variants;
    }

    /// The architecture of BitNet b1.58 2B4T with linear layers of that kind.
    static Variant of(LinearKind kind) {
        return new Variant(kind, true, Activation.RELU_SQUARED, true, true);
    }

    /// A few thousand weights.
    ModelConfig tiny() {
        return tiny(new RopeScaling.None());
    }

    /// The same with stretched positions.
    ModelConfig tiny(RopeScaling scaling) {
        return config(37, 24, 40, 2, 6, grouped ? 2 : 6, scaling);
    }

    /// Some hundred thousand weights.
    ModelConfig small() {
        return config(256, 96, 224, 4, 8, grouped ? 2 : 8, new RopeScaling.None());
    }

    private ModelConfig config(int vocabulary, int hidden, int inner, int layers, int heads, int keyValueHeads,
            RopeScaling scaling) {
        return new ModelConfig("test", vocabulary, hidden, inner, layers, heads, keyValueHeads, hidden / heads, 64,
                1e-5f, activation, 10000, scaling, tiedHead, subNorms, false, false, kind, Set.of(), -1,
                Set.of());
    }
}
