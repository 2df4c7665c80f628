package org.ternlm.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.ternlm.command.Console;
import org.ternlm.format.AtomicFile;
import org.ternlm.train.config.Recipe;
import org.ternlm.train.config.TrainConfig;
import org.ternlm.train.distributed.Membership;
import org.ternlm.train.distributed.WorkerGroup;

/// Finds the learning rate of a configuration: short runs of the same model on the same data, at rates a factor of two
/// apart, until the best of them has worse neighbours on both sides.
///
/// Each run has the whole schedule, warm-up and decay, in fewer steps. The ratio of the second stage's rate to the
/// first's stays. A run that diverges counts as infinitely bad. What is done stays done: results are kept in
/// `sweep/rates.json`, and the same sweep again only makes what is missing. For a comparison of arms, give each the same
/// number of steps.
public final class LearningRateSweep {
    private static final double FACTOR = 2;
    /// Rates that are tried in any case: half, one and two times the configured one.
    private static final int AROUND = 1;
    /// Beyond so many doublings from where the sweep began something else is wrong.
    private static final int MOST = 6;

    private final TrainConfig config;
    private final long steps;
    private final Console console;
    private final Path folder;
    private final Path file;
    private final TreeMap<Integer, Double> losses = new TreeMap<>();

    /// @param steps of each run
    public LearningRateSweep(TrainConfig config, long steps, Console console) {
        this.config = config;
        this.steps = steps;
        this.console = console;
        folder = config.output().folder().resolve("sweep");
        file = folder.resolve("rates.json");
    }

    /// Runs until the best rate is known or until `stop`.
    ///
    /// @return whether it is known
    public boolean run(BooleanSupplier stop) throws IOException {
        Files.createDirectories(folder);
        recall();
        try (RunData data = RunData.prepare(config, Membership.alone(), console)) {
            int next = next();
            while (Math.abs(next) <= MOST && !losses.containsKey(next)) {
                double loss = measure(data, next, stop);
                if (Double.isNaN(loss)) {
                    console.error().println("stopped; the same command goes on");
                    console.error().flush();
                    return false;
                }
                losses.put(next, loss);
                remember();
                next = next();
            }
        }
        show();
        return true;
    }

    private double rate(int doublings) {
        return config.recipe().rate() * Math.pow(FACTOR, doublings);
    }

    /// What to try next: the first around the middle that is missing, then beyond the best where that is at an end. One
    /// that is known already if nothing is left to try.
    private int next() {
        for (int i = -AROUND; i <= AROUND; i++) {
            if (!losses.containsKey(i)) {
                return i;
            }
        }
        int best = best();
        if (best == losses.firstKey()) {
            return best - 1;
        }
        return best == losses.lastKey() ? best + 1 : best;
    }

    private int best() {
        return losses.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow().getKey();
    }

    /// The validation loss at the end, infinite after divergence, NaN if stopped.
    private double measure(RunData data, int doublings, BooleanSupplier stop) throws IOException {
        String name = "rate-" + label(rate(doublings));
        Recipe recipe = config.recipe().withSteps(steps).withRate(rate(doublings));
        TrainConfig one = config.asSweepRun(name, recipe, folder.resolve(name));
        // Without checkpoints a run that was cut short begins anew.
        RunReport report = new RunReport(one, console);
        try (Trainer trainer = new Trainer(one, data, WorkerGroup.alone(), false, report)) {
            report.begin(trainer.parameterCount(), 0);
            return trainer.runWithoutCheckpoints(stop) ? trainer.lastValidation() : Double.NaN;
        } catch (DivergedException e) {
            console.error().println("rate %s: %s".formatted(label(rate(doublings)), e.getMessage()));
            return Double.POSITIVE_INFINITY;
        }
    }

    private static String label(double rate) {
        return String.format(Locale.ROOT, "%.3g", rate);
    }

    private String identity() {
        return "%s, %d steps, rate %s".formatted(config.model().arm().configName(), steps, config.recipe().rate());
    }

    private void recall() {
        if (!Files.exists(file)) {
            return;
        }
        try {
            JsonNode saved = new JsonMapper().readTree(file.toFile());
            if (saved.path("sweep").asText().equals(identity())) {
                saved.path("losses").properties().forEach(entry -> losses.put(Integer.parseInt(entry.getKey()),
                        entry.getValue().isNull() ? Double.POSITIVE_INFINITY : entry.getValue().asDouble()));
            }
        } catch (IOException | NumberFormatException e) {
            console.error().println("note: %s is damaged, the sweep begins anew".formatted(file));
        }
    }

    private void remember() throws IOException {
        JsonMapper mapper = new JsonMapper();
        ObjectNode node = mapper.createObjectNode();
        node.put("sweep", identity()).put("steps", steps).put("arm", config.model().arm().configName());
        ObjectNode rates = node.putObject("rates");
        ObjectNode saved = node.putObject("losses");
        losses.forEach((doublings, loss) -> {
            rates.put(String.valueOf(doublings), rate(doublings));
            if (Double.isFinite(loss)) {
                saved.put(String.valueOf(doublings), loss);
            } else {
                saved.putNull(String.valueOf(doublings));
            }
        });
        node.put("best_rate", rate(best()));
        AtomicFile.write(file, aside -> Files.write(aside, mapper.writerWithDefaultPrettyPrinter()
                .writeValueAsBytes(node)));
    }

    private void show() {
        int best = best();
        losses.forEach((doublings, loss) -> console.out().println(String.format(Locale.ROOT,
                "rate %-8s validation loss %s%s", label(rate(doublings)),
                Double.isFinite(loss) ? String.format(Locale.ROOT, "%.4f", loss) : "diverged",
                doublings == best ? "   best" : "")));
        if (best == losses.firstKey() || best == losses.lastKey()) {
            console.out().println("the best lies at the end of what was tried: begin again from there");
        }
        console.out().println("recipe.rate: " + label(rate(best)));
        console.out().flush();
    }
}
