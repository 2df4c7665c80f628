package org.ternlm.compare.config;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// One LLaMA in many precisions, and what retraining makes of the one rounded to ternary.
///
/// @param set whose LLaMA it is; `q4_0` needs one without sub-norms
/// @param size whose LLaMA it is
/// @param forms of it
/// @param retrainTokens how many tokens each of the retrained models sees
/// @param retrainRate the learning rate of retraining; empty: half of that of b158
/// @param turnShare of the steps in which the weights turn ternary
public record Spectrum(ArmSet set, Size size, List<String> forms, List<Long> retrainTokens,
        Optional<Double> retrainRate,
        double turnShare) {
    /// Precisions that `tern convert` writes.
    public static final List<String> FORMS = List.of("f32", "f16", "int8", "q4_0", "ternary");

    public Spectrum {
        forms = List.copyOf(forms);
        retrainTokens = List.copyOf(retrainTokens);
    }

    static Spectrum read(Section section, List<Size> sizes, List<ArmSet> sets) {
        return new Spectrum(section.choice("set", sets, ArmSet::configName, sets.getLast()),
                section.choice("size", sizes, Size::name, sizes.getLast()),
                section.choices("forms", FORMS, UnaryOperator.identity(), FORMS),
                section.wholes("retrain_tokens", 1, 1L << 50),
                section.has("retrain_rate")
                        ? Optional.of(section.number("retrain_rate", 1e-9, 10, 0))
                        : Optional.empty(),
                section.number("turn_share", 0, 1, 0.5));
    }
}
