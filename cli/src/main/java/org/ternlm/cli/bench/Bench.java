package org.ternlm.cli.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.ternlm.cli.bench.Measurement.Test;
import org.ternlm.command.Progress;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.KvForm;
import org.ternlm.model.Decoder;
import org.ternlm.model.KvCache;
import org.ternlm.model.Model;
import org.ternlm.model.PassProfile;
import org.ternlm.model.PassProfile.Part;

/// Runs tests on one model. Every generated token passes the whole model, head included, and is the likeliest one.
final class Bench {
    private static final System.Logger LOG = System.getLogger("org.ternlm.cli.bench");
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    /// Kernels settle on shapes of their own; what a small model's shapes need beside that takes some of these spans.
    private static final long WARM_SPAN_NANOS = 700_000_000L;
    private static final long LONGEST_WARM_UP_NANOS = 10_000_000_000L;
    /// A span that is so much faster than the best before shows that compiling goes on.
    private static final double STILL_FASTER = 1.05;
    /// From so many repetitions on: with fewer one only looks.
    private static final int MEASURED_REPETITIONS = 3;

    private final Decoder decoder;
    private final Kernels kernels;
    private final int vocabulary;
    private final Progress progress;
    private final EnergyMeter meter;
    private final KvForm form;
    private final @Nullable PassProfile profile;
    private int[] chosen = new int[0];
    private final List<KvCache> kept = new ArrayList<>();
    private boolean waitedInVain;
    private OutputChecksum checksum = new OutputChecksum();

    /// @param form what keys and values are kept as
    /// @param profiled whether to measure the parts of a pass as well
    Bench(Model model, Kernels kernels, EnergyMeter meter, Progress progress, KvForm form, boolean profiled) {
        decoder = new Decoder(model, kernels);
        this.kernels = kernels;
        vocabulary = model.config().vocabularySize();
        this.meter = meter;
        this.progress = progress;
        this.form = form;
        profile = profiled ? new PassProfile() : null;
    }

    /// One run of a test.
    private record Run(double rate, OptionalDouble joules) {}

    /// To warm up once, or with several repetitions until it becomes no faster; then `repetitions` times that count.
    Measurement measure(Test test, int repetitions) {
        int passes = repetitions * (test.prompt() ? 1 : test.tokens());
        double[] rates = new double[repetitions];
        double joules = 0;
        warmUp(test, repetitions);
        if (profile != null) {
            profile.reset();
        }
        for (int i = 0; i < repetitions; i++) {
            settle();
            Run run = run(test);
            rates[i] = run.rate;
            joules += run.joules.orElse(Double.NaN);
            progress.advance(1);
        }
        double perToken = joules / repetitions / test.tokens() / test.batch();
        return new Measurement(test, rates, Double.isNaN(perToken)
                ? OptionalDouble.empty()
                : OptionalDouble.of(perToken), checksum.toString(),
                profile == null ? Map.of() : millis(profile, passes),
                profile == null ? List.of() : profile.downDensities());
    }

    private void warmUp(Test test, int repetitions) {
        long start = System.nanoTime();
        double best = fastest(test, 0);
        boolean goesOn = repetitions >= MEASURED_REPETITIONS;
        while (goesOn && System.nanoTime() - start < LONGEST_WARM_UP_NANOS) {
            double now = fastest(test, WARM_SPAN_NANOS);
            goesOn = now > best * STILL_FASTER;
            best = Math.max(best, now);
        }
        progress.advance(1);
    }

    /// The fastest run of those that begin within so many nanoseconds, the first one in any case.
    private double fastest(Test test, long nanos) {
        long start = System.nanoTime();
        double fastest = 0;
        do {
            settle();
            fastest = Math.max(fastest, run(test).rate);
        } while (System.nanoTime() - start < nanos);
        return fastest;
    }

    /// Scalar kernels stand in for others until these are compiled, some forms' only once they are used.
    private void settle() {
        if (!waitedInVain && !kernels.settle(LONGEST_WAIT)) {
            waitedInVain = true;
            LOG.log(System.Logger.Level.WARNING,
                    "not all vector kernels are compiled after {0} s: what follows may be slower than it would be",
                    LONGEST_WAIT.toSeconds());
        }
    }

    private static Map<Part, Double> millis(PassProfile profile, int passes) {
        Map<Part, Double> millis = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            millis.put(part, profile.nanos(part) / 1e6 / passes);
        }
        return millis;
    }

    private Run run(Test test) {
        List<KvCache> caches = emptyCaches(test.batch());
        chosen = new int[test.batch()];
        checksum = new OutputChecksum();
        for (int i = 0; i < test.batch(); i++) {
            chosen[i] = token(i);
        }
        if (test.depth() > 0) {
            step(caches, test.depth());
        }
        decoder.profile(profile);
        List<Long> counters = meter.now();
        long start = System.nanoTime();
        if (test.prompt()) {
            step(caches, test.tokens());
        } else {
            for (int i = 0; i < test.tokens(); i++) {
                step(caches, 1);
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        decoder.profile(null);
        return new Run(test.tokens() * test.batch() / seconds, meter.joulesSince(counters));
    }

    /// The same ones in each run: new ones would be memory that only a collector finds.
    private List<KvCache> emptyCaches(int count) {
        while (kept.size() < count) {
            kept.add(new KvCache(decoder.config(), form));
        }
        kept.forEach(cache -> cache.truncate(0));
        return kept.subList(0, count);
    }

    /// So many tokens for every sequence, in one pass: what was chosen before, then any.
    private void step(List<KvCache> caches, int tokens) {
        List<Decoder.Step> steps = new ArrayList<>();
        for (int i = 0; i < caches.size(); i++) {
            int[] next = new int[tokens];
            Arrays.setAll(next, index -> token(index));
            next[0] = chosen[i];
            steps.add(Decoder.Step.next(caches.get(i), next));
        }
        decoder.forward(steps, (step, token, logits, offset) -> {
            int best = likeliest(logits, offset);
            chosen[step] = best;
            checksum.add(best, logits[offset + best]);
        });
    }

    private int token(int index) {
        return (int) ((index * 2_654_435_761L + 1) % vocabulary);
    }

    private int likeliest(float[] logits, int offset) {
        int best = 0;
        for (int i = 1; i < vocabulary; i++) {
            best = logits[offset + i] > logits[offset + best] ? i : best;
        }
        return best;
    }
}
