package org.ternlm.compare.shipped;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ternlm.command.Console;
import org.ternlm.command.Progress;
import org.ternlm.command.Unit;
import org.ternlm.eval.measure.TextLoss;
import org.ternlm.eval.measure.TextRun;
import org.ternlm.eval.measure.TextWay;
import org.ternlm.generate.Generation;
import org.ternlm.generate.GenerationRequest;
import org.ternlm.generate.Sampling;
import org.ternlm.generate.Session;
import org.ternlm.generate.Tern;

/// Lets the models write, scores stories that they do not know, and times them by turns. Not thread-safe.
public final class ShippedComparison {
    private static final int TEXT_TOKENS = 160;
    private static final int TIMED_TOKENS = 128;
    /// Kernels are compiled by the time that the stories are scored; one more round is not counted all the same.
    private static final int WARM_ROUNDS = 1;

    private final Console console;
    private final Request request;

    /// What is asked for.
    ///
    /// @param prompt that all continue
    /// @param seed of the texts
    /// @param stories how many are scored, from the first on
    /// @param rounds that are timed
    /// @param threads that compute
    public record Request(String prompt, long seed, int stories, int rounds, int threads) {}

    /// A comparison that shows its progress on `console`.
    public ShippedComparison(Console console, Request request) {
        this.console = console;
        this.request = request;
    }

    /// Opens all models, does all of it and closes them.
    ///
    /// @throws org.ternlm.format.ModelFormatException if a model is damaged
    public List<ShippedResult> run(List<ShippedModel> models) throws IOException {
        List<Tern> open = new ArrayList<>();
        try {
            for (ShippedModel model : models) {
                open.add(Tern.open(model.path(), request.threads()));
            }
            return measured(models, open);
        } finally {
            open.forEach(Tern::close);
        }
    }

    private List<ShippedResult> measured(List<ShippedModel> models, List<Tern> open) throws IOException {
        List<String> stories = HeldOutStories.read();
        stories = stories.subList(0, Math.min(request.stories(), stories.size()));
        // First, since a prompt that is too long is refused here.
        List<String> texts = open.stream().map(this::text).toList();
        List<TextLoss> losses = losses(stories, models, open);
        double[][] milliseconds = milliseconds(open);
        List<ShippedResult> results = new ArrayList<>();
        for (int i = 0; i < open.size(); i++) {
            double[] sorted = milliseconds[i];
            Arrays.sort(sorted);
            results.add(new ShippedResult(models.get(i), models.get(i).bytes(), open.get(i).bytesPerToken(),
                    losses.get(i), texts.get(i), new ShippedResult.Milliseconds(sorted[0], median(sorted),
                            sorted[sorted.length - 1])));
        }
        return results;
    }

    private List<TextLoss> losses(List<String> stories, List<ShippedModel> models, List<Tern> open) {
        long bytes = stories.stream().mapToLong(story -> story.getBytes(StandardCharsets.UTF_8).length).sum();
        List<TextLoss> losses = new ArrayList<>();
        try (Progress progress = Progress.of(console, "scoring stories", Unit.BYTES, bytes * models.size())) {
            for (Tern tern : open) {
                int context = tern.config().contextLength();
                losses.add(new TextRun(tern, tern.scorer(), TextWay.WINDOWS, Math.max(1, context / 2)).run(stories,
                        progress::advance));
            }
        }
        return losses;
    }

    /// By turns, so that what else the machine does meets all of them.
    private double[][] milliseconds(List<Tern> open) {
        double[][] milliseconds = new double[open.size()][request.rounds()];
        long rounds = WARM_ROUNDS + (long) request.rounds();
        try (Progress progress = Progress.of(console, "timing", Unit.of("rounds"), rounds * open.size())) {
            for (int round = -WARM_ROUNDS; round < request.rounds(); round++) {
                for (int i = 0; i < open.size(); i++) {
                    double found = millisecondsOfToken(open.get(i));
                    if (round >= 0) {
                        milliseconds[i][round] = found;
                    }
                    progress.advance(1);
                }
            }
        }
        return milliseconds;
    }

    private double millisecondsOfToken(Tern tern) {
        int tokens = Math.min(TIMED_TOKENS, room(tern));
        Generation generation = generate(tern, tern.request(request.prompt()).withMaxTokens(tokens).withIgnoreEos(true)
                .withSampling(Sampling.GREEDY));
        return 1000 / generation.stats().generatedTokensPerSecond();
    }

    private String text(Tern tern) {
        return generate(tern, tern.request(request.prompt()).withMaxTokens(Math.min(TEXT_TOKENS, room(tern)))
                .withSampling(new Sampling(0.7, 0, 0.9, 0, 1, 0, 0, Map.of(), request.seed()))).text();
    }

    private int room(Tern tern) {
        return Math.max(2, tern.config().contextLength() - tern.tokenizer().encode(request.prompt(), true).length);
    }

    private static Generation generate(Tern tern, GenerationRequest wanted) {
        try (Session session = tern.session()) {
            return session.generate(wanted);
        }
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
