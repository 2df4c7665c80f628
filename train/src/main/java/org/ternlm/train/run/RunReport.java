package org.ternlm.train.run;

import java.util.Locale;
import org.ternlm.command.Console;
import org.ternlm.command.Progress;
import org.ternlm.command.Unit;
import org.ternlm.train.config.TrainConfig;

/// Shows a training to a person: a bar with rate and time left, and a line for each validation.
final class RunReport implements TrainingListener {
    private static final double SMOOTHING = 0.95;

    private final TrainConfig config;
    private final Console console;
    private final double bytesPerTarget;
    private final Progress progress;
    private double smoothedLoss = Double.NaN;

    RunReport(TrainConfig config, Console console, double bytesPerTarget) {
        this.config = config;
        this.console = console;
        this.bytesPerTarget = bytesPerTarget;
        progress = Progress.of(console, "training " + config.name(), Unit.of("tokens"),
                config.recipe().steps() * config.recipe().tokensPerStep());
    }

    /// What is about to happen.
    void begin(long parameters, long step) {
        console.error().println(String.format(Locale.ROOT,
                "%s: %s, %,d parameters, %,d steps of %,d tokens, rate %s, %s%s", config.name(),
                config.arm().configName(), parameters, config.recipe().steps(), config.recipe().tokensPerStep(),
                config.recipe().rate(), config.recipe().precision(), step == 0 ? "" : ", from step " + step));
        console.error().flush();
        progress.moveTo(step * config.recipe().tokensPerStep());
    }

    @Override
    public void stepped(long step, double loss, double rate, double gradientNorm, double tokensPerSecond) {
        smoothedLoss = Double.isNaN(smoothedLoss) ? loss : SMOOTHING * smoothedLoss + (1 - SMOOTHING) * loss;
        progress.moveTo(step * config.recipe().tokensPerStep());
    }

    @Override
    public void validated(long step, double loss, double[] tritShares) {
        String shares = tritShares[0] == 0
                ? ""
                : String.format(Locale.ROOT, ", -1/0/+1 %.0f/%.0f/%.0f %%",
                        100 * tritShares[0], 100 * tritShares[1], 100 * tritShares[2]);
        console.error().println(String.format(Locale.ROOT,
                "step %,6d  loss %.3f  validation %.3f (%.3f bits per byte)%s", step, smoothedLoss, loss,
                loss / Math.log(2) / bytesPerTarget, shares));
        console.error().flush();
    }

    @Override
    public void saved(Checkpoint checkpoint) {
        if (checkpoint.step() == config.recipe().steps()) {
            progress.close();
        }
    }
}
