package org.ternlm.compare.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ternlm.compare.config.Arm;
import org.ternlm.compare.config.Spectrum;
import org.ternlm.compare.report.Picture.Axis;
import org.ternlm.compare.report.Picture.Chart;
import org.ternlm.compare.report.Picture.Look;
import org.ternlm.compare.report.Picture.Point;
import org.ternlm.compare.report.Picture.Series;
import org.ternlm.compare.step.Kind;
import org.ternlm.compare.step.Result;
import org.ternlm.compare.step.Results;

/// One LLaMA in many precisions beside trained BitNets, and what retraining makes of the rounded one.
record SpectrumSection(Findings findings) {

    /// One of the spectrum.
    ///
    /// @param name of it
    /// @param color of its mark
    /// @param loss if it was scored
    /// @param bytes of its file
    /// @param timing of it
    /// @param conversion seconds that it took to make it from the trained LLaMA
    /// @param file of its result
    record Entry(String name, int color, Optional<Loss> loss, OptionalDouble bytes, Timing timing,
            OptionalDouble conversion,
            String file) {
        double nats() {
            return loss.map(one -> one.perToken().mean().value()).orElse(Double.NaN);
        }
    }

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading("The spectrum of precisions"));
        List<Entry> entries = entries();
        if (findings.of(Kind.FORM).isEmpty()) {
            blocks.add(new Block.Text(
                    "Not measured: no LLaMA was converted. With a section spectrum in the configuration it is."));
            return blocks;
        }
        JsonNode spectrum = findings.experiment().path("spectrum");
        String where = "size %s, %s".formatted(spectrum.path("size").asText(),
                findings.title(spectrum.path("set").asText()));
        List<List<String>> rows = new ArrayList<>();
        for (Entry entry : entries) {
            rows.add(List.of(entry.name, entry.loss.map(loss -> loss.perToken().mean().text(4)).orElse(Numbers.NONE),
                    difference(
                            entries, entry),
                    Numbers.orNone(entry.bytes, Numbers::bytes), Numbers.orNone(entry.timing.msPerToken(),
                            Numbers::three),
                    Numbers.orNone(entry.conversion, seconds -> Numbers.fixed(seconds, 1))));
        }
        for (Result failed : findings.results().all()) {
            if (failed.kind() == Kind.FORM && failed.failure().isPresent()) {
                rows.add(List.of("LLaMA as " + failed.about("form"), Numbers.NONE,
                        failed.failure().get().replaceFirst(" \\(exit code.*",
                                ""),
                        Numbers.NONE, Numbers.NONE, Numbers.NONE));
            }
        }
        blocks.add(new Block.Table("One LLaMA in many precisions, and the BitNets trained beside it; " + where,
                List.of("model",
                        "nats a token", "less the first", "file", "ms a token", "conversion, s"),
                rows,
                "Conversion from the trained float32 weights, without the start of the program; trained models need none. "
                        + LossSection.METHOD + " form-*.json"));
        picture(entries, blocks);
        retraining(entries, blocks);
        return blocks;
    }

    private static String difference(List<Entry> entries, Entry entry) {
        Entry first = entries.getFirst();
        return entry == first || first.loss.isEmpty() || entry.loss.isEmpty()
                ? ""
                : entry.loss.get().perToken().minus(first.loss.get().perToken()).signedText(4);
    }

    /// The spectrum, from the most precise to the least, then the trained models.
    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        JsonNode bytes = findings.values(Kind.PREPARE.word()).path("bytes");
        findings.of(Kind.FORM).stream().sorted(Comparator.comparingInt(result -> Spectrum.FORMS.indexOf(result.about(
                "form"))))
                .forEach(result -> entries.add(new Entry(name(result.about("form")), 0, Loss.of(result.values(), bytes),
                        Timing.number(result.values().path("bytes")), Timing.of(result.values().path("bench")),
                        Timing.number(
                                result.values().path("conversion_seconds")),
                        Results.fileName(result.id()))));
        JsonNode spectrum = findings.experiment().path("spectrum");
        for (Arm arm : List.of(Arm.B1, Arm.B158)) {
            Model model = findings.model(spectrum.path("set").asText(), spectrum.path("size").asText(), arm);
            if (!entries.isEmpty() && model.loss().isPresent()) {
                entries.add(
                        new Entry(arm.title() + ", trained", arm.ordinal(), model.loss(), model.bytes(), model.timing(),
                                OptionalDouble.empty(), model.file(Kind.LOSS)));
            }
        }
        return entries;
    }

    private static String name(String form) {
        return form.equals("ternary") ? "LLaMA rounded to ternary" : "LLaMA as " + form;
    }

    private static void picture(List<Entry> entries, List<Block> blocks) {
        List<Series> series = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.loss.isPresent() && entry.bytes.isPresent()) {
                series.add(new Series(entry.name, series.size(), Look.MARKS,
                        List.of(Point.of(entry.bytes.getAsDouble(), entry
                                .nats()))));
            }
        }
        Chart chart = new Chart("Loss against bytes", Axis.logarithmic("bytes of the file"),
                Axis.linear("nats a token"), series);
        if (!chart.isEmpty()) {
            blocks.add(new Block.Figure("spectrum", chart, "Below and to the left is better."));
        }
    }

    /// Losses after retraining, by tokens; the first is that of the rounded model.
    List<Point> retrained() {
        JsonNode bytes = findings.values(Kind.PREPARE.word()).path("bytes");
        List<Point> points = new ArrayList<>();
        findings.of(Kind.RETRAIN)
                .forEach(result -> Loss.of(result.values(), bytes).ifPresent(loss -> points.add(Point.of(result
                        .values().path("trained_tokens").asDouble(), loss.perToken().mean().value()))));
        points.sort(Comparator.comparingDouble(Point::x));
        return points;
    }

    private void retraining(List<Entry> entries, List<Block> blocks) {
        List<Point> points = retrained();
        if (points.isEmpty()) {
            blocks.add(new Block.Text(
                    "Loss against retraining tokens: not measured. With spectrum.retrain_tokens it is."));
            return;
        }
        List<Series> series = new ArrayList<>();
        series.add(new Series("LLaMA turned ternary, then trained again", 2, Look.BOTH, points));
        double last = points.getLast().x();
        for (String name : List.of("LLaMA rounded to ternary", "BitNet b1.58, trained", "LLaMA as f32")) {
            entries.stream().filter(entry -> entry.name.equals(name) && entry.loss.isPresent()).findFirst().ifPresent(
                    entry -> series.add(new Series(name.replace(", trained", ", from scratch"), 3 + series.size(),
                            Look.DASHED, List.of(
                                    Point.of(0, entry.nats()), Point.of(last, entry.nats())))));
        }
        blocks.add(new Block.Figure("retraining",
                new Chart("Is training from scratch needed?", Axis.linear("tokens of retraining"),
                        Axis.linear("nats a token"), series),
                "Each mark is a run of its own, which begins with the trained LLaMA, turns its weights ternary in %s of its steps, and ends with a rate of 0; the dashed lines are models without retraining. retrain-*.json"
                        .formatted(Numbers
                                .percent(findings.experiment().path("spectrum").path("turn_share").asDouble()))));
    }
}
