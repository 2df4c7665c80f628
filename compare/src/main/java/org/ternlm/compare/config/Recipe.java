package org.ternlm.compare.config;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// How every arm is trained.
///
/// @param tokens that each model sees
/// @param batch sequences of a step
/// @param length tokens of a sequence, and the context of the models
/// @param precision of matrix products, as `tern train` names it
/// @param schedule of the learning rate; empty: that of each arm's own recipe
/// @param rates of the arms, at the size where they would be swept; empty: they are swept
public record Recipe(long tokens, int batch, int length, String precision, String schedule, Map<Arm, Double> rates) {
    public Recipe {
        rates = Map.copyOf(rates);
    }

    static Recipe read(Section section, List<Arm> arms) {
        int batch = (int) section.whole("batch", 1, 1 << 16);
        int length = (int) section.whole("length", 2, 1 << 16);
        long tokens = section.whole("tokens", (long) batch * length, 1L << 50);
        Section given = section.child("rates");
        Map<Arm, Double> rates = new EnumMap<>(Arm.class);
        for (Arm arm : arms) {
            if (given.has(arm.configName())) {
                rates.put(arm, given.number(arm.configName(), 1e-9, 10, 0));
            }
        }
        return new Recipe(tokens, batch, length,
                section.choice("precision", List.of("bf16", "fp32"), UnaryOperator.identity(), "bf16"),
                section.choice("schedule", List.of("two-stage", "linear", "cosine"), UnaryOperator.identity(), ""),
                rates);
    }

    /// Optimiser steps of a run that sees `count` tokens.
    public long steps(long count) {
        return Math.max(1, count / ((long) batch * length));
    }

    /// Optimiser steps of a run.
    public long steps() {
        return steps(tokens);
    }
}
