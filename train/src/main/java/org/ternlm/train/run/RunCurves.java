package org.ternlm.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ternlm.charts.Axis;
import org.ternlm.charts.Curve;
import org.ternlm.charts.LineChart;
import org.ternlm.charts.NoFontException;
import org.ternlm.command.CommandException;
import org.ternlm.format.ModelFormatException;
import org.ternlm.train.run.RunHistory.Values;

/// Draws what a run's log tells, each picture as SVG and as PNG.
///
/// ```
/// runs/NAME/curves/  loss  rate  gradient-norm  trits  flipped
/// ```
///
/// Reads the log only, so it can be used while the run goes on.
public final class RunCurves {
    private static final String NATS = "nats per token";
    private static final String SHARE = "share of the weights";
    private static final List<String> TRITS = List.of("-1", "0", "+1");

    private RunCurves() {}

    /// Draws the pictures of one run into its folder `curves`: losses, learning rate, norm of the gradients, shares of the
    /// weights that are -1, 0 and +1, share of those that changed. What the log does not have gives no picture.
    ///
    /// @return the files written
    /// @throws CommandException if there is no log, or no step in it, or the machine has no font
    /// @throws ModelFormatException if the log is damaged
    public static List<Path> draw(Path runFolder) throws IOException {
        RunHistory history = RunHistory.read(runFolder);
        String run = name(runFolder);
        Pictures pictures = new Pictures(runFolder.resolve("curves"));
        pictures.add("loss", losses(LineChart.of(run + ": loss", Axis.linear("step"), Axis.linear(NATS)), history));
        pictures.add("rate", rate(chart(run, "learning rate", "learning rate"), history));
        pictures.add("gradient-norm", gradientNorm(run, history));
        pictures.add("trits", trits(chart(run, "weights that are -1, 0, +1", SHARE), history));
        pictures.add("flipped", withPoints(chart(run, "weights that changed", SHARE), SHARE,
                history.values("flipped_share")));
        return pictures.write(history.file());
    }

    /// Draws the losses of several runs over the tokens they have seen, a curve a run: `training-loss`, smoothed, and
    /// `validation-loss`.
    ///
    /// @param runFolders their last names are those of the curves
    /// @return the files written
    /// @throws CommandException as [#draw]
    /// @throws ModelFormatException if a log is damaged or does not count tokens
    public static List<Path> compare(List<Path> runFolders, Path outputFolder) throws IOException {
        if (runFolders.isEmpty()) {
            throw new CommandException("there are no runs to compare");
        }
        LineChart training = LineChart.of("Training loss", Axis.linear("tokens"), Axis.linear(NATS));
        LineChart validation = LineChart.of("Validation loss", Axis.linear("tokens"), Axis.linear(NATS));
        boolean distinct = runFolders.stream().map(RunCurves::name).distinct().count() == runFolders.size();
        for (Path folder : runFolders) {
            RunHistory history = RunHistory.read(folder);
            String name = distinct ? name(folder) : folder.toString();
            Optional<Values> losses = history.values("loss");
            if (losses.isPresent()) {
                training = training.with(Curve.line(name, history.tokensAt(losses.get().steps()),
                        Smoothing.smooth(losses.get().values())));
            }
            Optional<Values> validations = history.values("validation_loss");
            if (validations.isPresent()) {
                validation = validation.with(Curve.points(name, history.tokensAt(validations.get().steps()),
                        validations.get().values()));
            }
        }
        Pictures pictures = new Pictures(outputFolder);
        pictures.add("training-loss", training);
        pictures.add("validation-loss", validation);
        return pictures.write(outputFolder);
    }

    private static String name(Path runFolder) {
        return String.valueOf(runFolder.toAbsolutePath().normalize().getFileName());
    }

    private static LineChart chart(String run, String what, String label) {
        return LineChart.of(run + ": " + what, Axis.linear("step"), Axis.linear(label));
    }

    private static LineChart losses(LineChart chart, RunHistory history) {
        LineChart training = history.values("loss").map(values -> withMeans(chart, "training", values)).orElse(chart);
        return withPoints(training, "validation", history.values("validation_loss"));
    }

    private static LineChart rate(LineChart chart, RunHistory history) {
        return history.values("rate").map(rates -> chart.with(Curve.line(chart.y().label(), rates.steps(),
                rates.values()))).orElse(chart);
    }

    private static LineChart gradientNorm(String run, RunHistory history) {
        String label = "norm of the gradients";
        Optional<Values> norms = history.values("gradient_norm");
        boolean positive = norms.stream().flatMapToDouble(values -> Arrays.stream(values.values()))
                .allMatch(n -> n > 0);
        // Spikes are factors above the rest.
        LineChart chart = LineChart.of(run + ": " + label, Axis.linear("step"), new Axis(label, positive));
        return norms.map(values -> withMeans(chart, "norm", values)).orElse(chart);
    }

    private static LineChart trits(LineChart chart, RunHistory history) {
        LineChart all = chart;
        for (int i = 0; i < TRITS.size(); i++) {
            all = withPoints(all, TRITS.get(i), history.values("trit_shares." + i));
        }
        return all;
    }

    /// Each value behind the mean of those around it.
    private static LineChart withMeans(LineChart chart, String name, Values values) {
        int window = Smoothing.window(values.steps().length);
        return window == 1
                ? chart.with(Curve.line(name, values.steps(), values.values()))
                : chart.with(Curve.pale(name + ", each step", values.steps(), values.values()))
                        .with(Curve.line("%s, mean of %d steps".formatted(name, window), values.steps(),
                                Smoothing.smooth(values.values())));
    }

    private static LineChart withPoints(LineChart chart, String name, Optional<Values> values) {
        return values.map(found -> chart.with(Curve.points(name, found.steps(), found.values()))).orElse(chart);
    }

    /// Charts and where they go; those without a curve go nowhere.
    private record Pictures(Path folder, List<String> names, List<LineChart> charts) {
        Pictures(Path folder) {
            this(folder, new ArrayList<>(), new ArrayList<>());
        }

        void add(String name, LineChart chart) {
            if (!chart.curves().isEmpty()) {
                names.add(name);
                charts.add(chart);
            }
        }

        List<Path> write(Path source) throws IOException {
            if (charts.isEmpty()) {
                throw new CommandException(source + ": no steps to draw");
            }
            Files.createDirectories(folder);
            List<Path> files = new ArrayList<>();
            try {
                for (int i = 0; i < charts.size(); i++) {
                    for (String ending : List.of(".svg", ".png")) {
                        Path file = folder.resolve(names.get(i) + ending);
                        charts.get(i).write(file);
                        files.add(file);
                    }
                }
            } catch (NoFontException e) {
                throw new CommandException(String.valueOf(e.getMessage()), null, e);
            }
            return files;
        }
    }
}
