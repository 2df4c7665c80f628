package org.ternlm.train.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.ternlm.command.Console;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.Kernels;
import org.ternlm.model.ModelConfig;
import org.ternlm.tokenizer.Tokenizer;
import org.ternlm.train.config.Recipe;
import org.ternlm.train.config.TrainConfig;
import org.ternlm.train.torch.AdamW;
import org.ternlm.train.torch.GradientPass;
import org.ternlm.train.torch.Parameters;
import org.ternlm.train.torch.PeakProducts;
import org.ternlm.train.torch.Sequences;
import org.ternlm.train.torch.Torch;
import org.ternlm.train.torch.TracedPass;
import org.ternlm.train.torch.WeightBlock;

/// How fast a configuration trains on this machine, before anyone waits for it: steps on random tokens, in turn with plain
/// matrix products, and with the same steps by libtorch's automatic differentiation. Medians.
public final class SpeedEstimate {
    private static final int ROUNDS = 5;
    /// Steps in which the virtual machine compiles what there is to compile.
    private static final int WARM_UP = 6;

    private final TrainConfig config;
    private final Recipe recipe;
    private final ModelConfig model;
    private final Console console;

    /// @param config whose data are not looked at
    public SpeedEstimate(TrainConfig config, Console console) throws IOException {
        this.config = config;
        this.recipe = config.recipe();
        this.console = console;
        int vocabulary = config.tokenizer().vocabularySize() > 0
                ? config.tokenizer().vocabularySize()
                : Tokenizer.load(Path.of(config.tokenizer().folder())).vocabularySize();
        model = config.model().withVocabulary(vocabulary, -1, -1);
    }

    /// Measures, and prints what came out.
    public void run() {
        Passes.check(config.compute());
        try (Kernels kernels = KernelSelection.choose().open(config.compute().threadCount());
                Parameters parameters = Parameters.initial(model, 1);
                AdamW optimizer = new AdamW(model, parameters, recipe.beta1(), recipe.beta2());
                GradientPass pass = new Passes(config.compute(), model, parameters, kernels).training(recipe,
                        recipe.microBatch(), false);
                GradientPass traced = new TracedPass(model, parameters, recipe.precision(), "cpu");
                PeakProducts peak = new PeakProducts(recipe.precision(), kernels.workers())) {
            List<Double> steps = new ArrayList<>();
            List<Double> tracedSteps = new ArrayList<>();
            List<Double> rates = new ArrayList<>();
            for (int i = 0; i < WARM_UP; i++) {
                step(pass, optimizer, kernels);
            }
            for (int round = 0; round <= ROUNDS; round++) {
                double rate = peak.flopsPerSecond();
                double step = seconds(() -> step(pass, optimizer, kernels));
                double tracedStep = seconds(() -> {
                    Torch.setThreads(config.compute().threadCount());
                    step(traced, optimizer, kernels);
                });
                if (round > 0) {
                    rates.add(rate);
                    steps.add(step);
                    tracedSteps.add(tracedStep);
                }
            }
            print(median(steps), median(tracedSteps), median(rates), parameters.count());
        }
    }

    private void step(GradientPass pass, AdamW optimizer, Kernels kernels) {
        SplittableRandom random = new SplittableRandom(1);
        int length = recipe.length();
        Sequences batch = Sequences.of(random.ints((long) recipe.batch() * (length + 1), 0, model.vocabularySize())
                .toArray(), length);
        pass.begin(1);
        for (int from = 0; from < recipe.batch(); from += recipe.microBatch()) {
            pass.lossAndGradients(batch.part(from, recipe.microBatch()), 1.0 / recipe.tokensPerStep());
        }
        WeightBlock gradients = pass.gradients();
        double norm = AdamW.norm(gradients, kernels.workers());
        optimizer.step(gradients, Math.min(1, 1 / norm), 1e-4, 0.1, kernels.workers());
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(List<Double> values) {
        Collections.sort(values);
        return values.get(values.size() / 2);
    }

    /// Multiplications and additions of a step's products: two for each weight and token forward, twice as many back; and
    /// those of attention.
    private double flops() {
        long weights = WeightBlock.shapes(model).values().stream().filter(shape -> shape.length == 2)
                .mapToLong(shape -> shape[0] * shape[1]).sum();
        long products = model.tiedHead() ? weights : weights - (long) model.vocabularySize() * model.hiddenSize();
        double attention = 12.0 * model.layers() * model.querySize() * recipe.length();
        return recipe.tokensPerStep() * (6.0 * products + attention);
    }

    private void print(double step, double tracedStep, double peak, long parameters) {
        double rate = recipe.tokensPerStep() / step;
        long seconds = Math.round(recipe.steps() * step);
        console.out().print(String.format(Locale.ROOT, """
                %s: %s, %,d parameters, %d × %d tokens a step, %s, %d threads
                a step: %,.0f ms, %,.0f tokens/s
                products in %s: %,.0f GFLOP/s at best; a step has %,.0f GFLOP, and runs at %.0f %% of that rate
                by libtorch's automatic differentiation: %,.0f ms a step, %.2f times as long
                %,d steps: %s
                """, config.name(), config.model().arm().configName(), parameters, recipe.batch(), recipe.length(),
                recipe.precision(), config.compute().threadCount(), 1000 * step, rate, recipe.precision(), peak / 1e9,
                flops() / 1e9, 100 * flops() / step / peak, 1000 * tracedStep, tracedStep / step, recipe.steps(),
                time(Duration.ofSeconds(seconds))));
        console.out().flush();
    }

    private static String time(Duration time) {
        return String.format(Locale.ROOT, "%d h %02d min", time.toHours(), time.toMinutesPart());
    }
}
