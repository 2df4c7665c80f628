package org.ternlm.cli.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.ternlm.cli.run.ProcessAge;
import org.ternlm.kernel.Kernels;
import org.ternlm.model.Decoder;
import org.ternlm.model.KvCache;
import org.ternlm.model.Model;

/// The first moments of a program with a model.
///
/// @param loadSeconds until its weights could be used; of random weights, until they were made
/// @param firstTokenSeconds from then until the first token was known
/// @param fullSpeedSeconds from the start of the process until tokens came as fast as they do later; empty where that
/// was not measured
record StartUp(double loadSeconds, double firstTokenSeconds, OptionalDouble fullSpeedSeconds) {
    /// Longer than compiling takes.
    private static final long WATCHED_NANOS = 6_000_000_000L;
    private static final int FEWEST_TOKENS = 16;
    /// Sequences stay short, so that all tokens are the same work but for little.
    private static final int LENGTH = 32;
    /// The median of so many tokens counts.
    private static final int WINDOW = 9;
    /// Slower than that times the median at the end is not full speed.
    private static final double NEARLY = 1.2;

    /// Lets the model make its first token, or tokens for a few seconds if `watch` is set.
    static StartUp of(Model model, Kernels kernels, double loadSeconds, boolean watch) {
        Decoder decoder = new Decoder(model, kernels);
        List<Double> ends = new ArrayList<>();
        KvCache cache = new KvCache(model.config());
        long start = System.nanoTime();
        long now = start;
        do {
            if (cache.length() >= Math.min(LENGTH, model.config().contextLength())) {
                cache = new KvCache(model.config());
            }
            decoder.forward(List.of(Decoder.Step.next(cache, 0)), (step, token, logits, offset) -> {});
            now = System.nanoTime();
            ends.add((now - start) / 1e9);
        } while (watch && (now - start < WATCHED_NANOS || ends.size() < FEWEST_TOKENS));
        double[] seconds = ends.stream().mapToDouble(Double::doubleValue).toArray();
        OptionalDouble age = ProcessAge.seconds();
        return new StartUp(loadSeconds, seconds[0], watch && age.isPresent()
                ? OptionalDouble.of(age.getAsDouble() - seconds[seconds.length - 1] + fullSpeed(seconds))
                : OptionalDouble.empty());
    }

    /// The moment from which some tokens in a row were, by their median, about as fast as those of the second half. What
    /// slowed them down again later, other programs say, does not count.
    ///
    /// @param ends when each token was known; [#FEWEST_TOKENS] or more, from 0 on
    static double fullSpeed(double[] ends) {
        double[] lasted = new double[ends.length];
        for (int i = 0; i < ends.length; i++) {
            lasted[i] = ends[i] - (i == 0 ? 0 : ends[i - 1]);
        }
        double allowed = NEARLY * median(lasted, lasted.length / 2, lasted.length);
        int from = 0;
        while (from + WINDOW < lasted.length && median(lasted, from, from + WINDOW) > allowed) {
            from++;
        }
        return from == 0 ? 0 : ends[from - 1];
    }

    private static double median(double[] numbers, int from, int to) {
        double[] sorted = Arrays.copyOfRange(numbers, from, to);
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
