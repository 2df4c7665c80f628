package org.ternlm.train.run;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.command.Progress;
import org.ternlm.command.Unit;
import org.ternlm.train.config.TrainConfig;

/// Shows a training to a person: a bar with rate, time left and loss, and a line for each validation.
final class RunReport implements TrainingListener {
    private static final double SMOOTHING = 0.95;
    private static final Duration BETWEEN_DRAWINGS = Duration.ofMinutes(2);

    private final TrainConfig config;
    private final Console console;
    private final Progress progress;
    private double smoothedLoss = Double.NaN;
    private double flips;
    private long lastDrawn = System.nanoTime();
    private boolean drawable = true;

    RunReport(TrainConfig config, Console console) {
        this.config = config;
        this.console = console;
        progress = Progress.of(console, "training " + config.name(), Unit.of("tokens"),
                config.recipe().steps() * config.recipe().tokensPerStep());
    }

    /// What is about to happen.
    void begin(long parameters, long step) {
        console.error().println(String.format(Locale.ROOT,
                "%s: %s, %,d parameters, %,d steps of %,d tokens, rate %s, %s%s", config.name(),
                config.model().arm().configName(), parameters, config.recipe().steps(), config.recipe().tokensPerStep(),
                config.recipe().rate(), config.recipe().precision(), step == 0 ? "" : ", from step " + step));
        console.error().flush();
        progress.startAt(step * config.recipe().tokensPerStep());
    }

    @Override
    public void stepped(StepReport report) {
        double loss = report.loss();
        smoothedLoss = Double.isNaN(smoothedLoss) ? loss : SMOOTHING * smoothedLoss + (1 - SMOOTHING) * loss;
        flips += report.flippedShare();
        progress.detail(String.format(Locale.ROOT, "loss %.3f", smoothedLoss));
        progress.moveTo(report.step() * config.recipe().tokensPerStep());
    }

    @Override
    public void validated(ValidationReport report) {
        double[] shares = report.tritShares();
        String ternary = shares[0] == 0
                ? ""
                : String.format(Locale.ROOT, ", -1/0/+1 %.0f/%.0f/%.0f %%, %.2g flips a weight", 100 * shares[0],
                        100 * shares[1], 100 * shares[2], flips);
        flips = 0;
        progress.say(String.format(Locale.ROOT,
                "step %,6d  loss %.3f  validation %.3f%s (%.3f bits per byte)%s, %,d MB", report.step(), smoothedLoss,
                report.loss(), report.best() ? "" : " not the best", report.bitsPerByte(), ternary,
                report.memoryBytes() >> 20));
    }

    @Override
    public void saved(Checkpoint checkpoint) throws IOException {
        for (SampleTexts.Sample sample : new SampleTexts(config.output()).write(checkpoint)) {
            progress.say("  " + (sample.beginning() + sample.continuation()).replaceAll("\\s+", " "));
        }
        boolean last = checkpoint.step() == config.recipe().steps();
        if (last || System.nanoTime() - lastDrawn > BETWEEN_DRAWINGS.toNanos()) {
            draw();
            lastDrawn = System.nanoTime();
        }
        if (last) {
            progress.close();
        }
    }

    /// A run goes on without pictures.
    void draw() {
        if (!drawable) {
            return;
        }
        try {
            RunCurves.draw(config.output().folder());
        } catch (CommandException | IOException e) {
            drawable = false;
            progress.say("note: no curves: " + e.getMessage());
        }
    }
}
