package org.ternlm.compare.step;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How long steps will take: training by its operations and the rate that was measured, everything else by what is usual;
/// both put right by what earlier steps of the same kind took.
///
/// @param results so far
public record Estimate(Results results) {
    /// Before it is measured: two cores with vectors of 512 bits.
    private static final double USUAL_OPERATIONS = 3e11;
    /// Start, tokenising, packing.
    private static final double RUN_SECONDS = 8;

    /// Seconds of all these steps that are not done.
    public double seconds(List<Step> steps) {
        Map<Kind, Double> corrections = corrections(steps);
        double sum = 0;
        for (Step step : steps) {
            if (!results.has(step)) {
                sum += guess(step) * corrections.getOrDefault(step.kind(), 1.0);
            }
        }
        return sum;
    }

    /// A line for each kind that has steps to do.
    public List<String> lines(List<Step> steps) {
        List<String> lines = new ArrayList<>();
        for (Kind kind : Kind.all()) {
            List<Step> ofKind = steps.stream().filter(step -> step.kind() == kind && !results.has(step))
                    .toList();
            if (!ofKind.isEmpty()) {
                lines.add(String.format(Locale.ROOT, "%-10s %4d step%s %12s", kind.word(), ofKind.size(),
                        ofKind.size() == 1
                                ? " "
                                : "s",
                        time(seconds(ofKind))));
            }
        }
        lines.add(String.format(Locale.ROOT, "%-10s %4d steps %12s%s", "in all",
                steps.stream().filter(step -> !results.has(
                        step)).count(),
                time(seconds(steps)), isMeasured()
                        ? ""
                        : "   (a guess: the speed of training is not measured yet)"));
        return lines;
    }

    /// Whether the speed of training is known.
    public boolean isMeasured() {
        return results.done(Kind.SPEED.word()).isPresent();
    }

    private double guess(Step step) {
        double rate = results.done(Kind.SPEED.word()).map(result -> result.values().path("operations_per_second")
                .asDouble()).orElse(USUAL_OPERATIONS);
        return step.kind().usualSeconds() + (step.operations() == 0 ? 0 : RUN_SECONDS + step.operations() / rate);
    }

    private Map<Kind, Double> corrections(List<Step> steps) {
        Map<Kind, Double> guessed = new EnumMap<>(Kind.class);
        Map<Kind, Double> taken = new EnumMap<>(Kind.class);
        for (Step step : steps) {
            results.done(step.id()).ifPresent(result -> {
                guessed.merge(step.kind(), guess(step), Double::sum);
                taken.merge(step.kind(), result.seconds(), Double::sum);
            });
        }
        Map<Kind, Double> corrections = new EnumMap<>(Kind.class);
        guessed.forEach((kind, seconds) -> corrections.put(kind, taken.getOrDefault(kind, seconds) / seconds));
        return corrections;
    }

    /// `2 h 05 min`, `3 min 20 s`, `12 s`.
    public static String time(double seconds) {
        Duration time = Duration.ofSeconds(Math.round(seconds));
        if (time.toHours() > 0) {
            return String.format(Locale.ROOT, "%d h %02d min", time.toHours(), time.toMinutesPart());
        }
        return time.toMinutes() > 0
                ? String.format(Locale.ROOT, "%d min %02d s", time.toMinutes(), time.toSecondsPart())
                : time.toSeconds() + " s";
    }
}
