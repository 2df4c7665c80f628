package org.ternlm.compare.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ternlm.compare.config.Arm;
import org.ternlm.compare.figure.Interval;
import org.ternlm.compare.figure.LineFit;
import org.ternlm.compare.figure.Spread;
import org.ternlm.compare.report.Picture.Axis;
import org.ternlm.compare.report.Picture.Chart;
import org.ternlm.compare.report.Picture.Look;
import org.ternlm.compare.report.Picture.Point;
import org.ternlm.compare.report.Picture.Series;
import org.ternlm.compare.step.Kind;

/// Losses: of each model, against size, while they learn, and between seeds.
record LossSection(Findings findings) {
    static final String METHOD = "95 % intervals over documents, normal, of a ratio of sums; those of differences are paired: computed from the differences of each document. They do not hold what another seed would change.";

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading("Loss"));
        boolean any = false;
        for (String set : findings.sets()) {
            List<Model> models = findings.models(set);
            if (!models.isEmpty()) {
                any = true;
                blocks.add(losses(set, models));
                differences(set).ifPresent(blocks::add);
                pictures(set, blocks);
                slopes(set).ifPresent(blocks::add);
            }
        }
        if (!any) {
            blocks.add(new Block.Text("Not measured: no model was trained and scored."));
        }
        seeds().ifPresent(blocks::add);
        blocks.add(new Block.Table("For comparison: perplexity in " + Paper.NAME,
                List.of("size", "LLaMA", "BitNet b1.58"),
                Paper.PERPLEXITIES,
                "Mean over WikiText-2 and C4, measured by its authors (table 1). Other texts, other tokenizers: not comparable with the losses above, only in who is ahead."));
        return blocks;
    }

    private Block losses(String set, List<Model> models) {
        List<List<String>> rows = new ArrayList<>();
        for (Model model : models) {
            Loss loss = model.loss().orElseThrow();
            rows.add(
                    List.of(model.title(), loss.perToken().mean().text(4), loss.perByte().meanBits().text(4),
                            Numbers.fixed(Math
                                    .exp(model.nats()), 2),
                            rate(model)));
        }
        return new Block.Table("Loss, " + findings.title(set),
                List.of("model", "nats a token", "bits a byte", "perplexity",
                        "learning rate"),
                rows, METHOD + " A run that diverges begins again with half the rate. " + Kind.LOSS.word() + "-" + set
                        + "-*.json");
    }

    /// The learning rate that a model was trained with, and those at which it diverged before.
    private static String rate(Model model) {
        JsonNode train = model.values(Kind.TRAIN);
        StringBuilder text = new StringBuilder(Numbers.three(train.path("rate").asDouble()));
        train.path("diverged").forEach(rate -> text.append(", diverged at ").append(Numbers.three(rate.asDouble())));
        return text.toString();
    }

    /// The differences of b158 to the two others, document by document.
    private Optional<Block> differences(String set) {
        List<List<String>> rows = new ArrayList<>();
        for (String size : findings.sizes()) {
            for (Arm other : List.of(Arm.B1, Arm.LLAMA)) {
                difference(set, size, Arm.B158, other).ifPresent(difference -> rows.add(List.of(
                        "%s, b1.58 less %s".formatted(
                                size, other.title()),
                        difference.signedText(4), verdict(difference, "BitNet b1.58", other
                                .title()))));
            }
        }
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(new Block.Table("Differences in nats a token, " + findings.title(set), List.of("models",
                        "difference", "who is ahead"), rows, "Below 0, BitNet b1.58 has the smaller loss. " + METHOD));
    }

    /// How much more one arm has than another.
    Optional<Interval> difference(String set, String size, Arm arm, Arm other) {
        Optional<Loss> mine = findings.model(set, size, arm).loss();
        Optional<Loss> theirs = findings.model(set, size, other).loss();
        return mine.isPresent() && theirs.isPresent()
                ? Optional.of(mine.get().perToken().minus(theirs.get().perToken()))
                : Optional.empty();
    }

    static String verdict(Interval difference, String first, String second) {
        if (!difference.excludesZero()) {
            return "nobody, within the interval";
        }
        return difference.value() < 0 ? first : second;
    }

    private void pictures(String set, List<Block> blocks) {
        List<Series> against = new ArrayList<>();
        for (Arm arm : findings.arms()) {
            List<Point> points = new ArrayList<>();
            for (String size : findings.sizes()) {
                Model model = findings.model(set, size, arm);
                model.loss().ifPresent(loss -> {
                    Interval mean = loss.perToken().mean();
                    points.add(new Point(model.weights().orElse(model.linearWeights()), mean.value(), mean.low(),
                            mean.high(),
                            ""));
                });
            }
            against.add(new Series(arm.title(), arm.ordinal(), Look.BOTH, points));
        }
        Chart chart = new Chart("Loss against size, " + findings.title(set), Axis.logarithmic("weights"), Axis.linear(
                "nats a token"), against);
        if (!chart.isEmpty()) {
            blocks.add(
                    new Block.Figure("loss-size-" + set, chart, "Validation loss, with its interval over documents."));
        }
        findings.sizes().reversed().stream()
                .filter(size -> findings.arms().stream().anyMatch(arm -> findings.model(set, size,
                        arm).values(Kind.TRAIN).has("curve")))
                .findFirst().ifPresent(size -> curves(set, size, blocks));
    }

    private void curves(String set, String size, List<Block> blocks) {
        List<Series> series = new ArrayList<>();
        for (Arm arm : findings.arms()) {
            JsonNode trained = findings.model(set, size, arm).values(Kind.TRAIN);
            series.add(new Series(arm.title() + ", training", arm.ordinal(), Look.LINE, points(trained.path("curve"))));
            series.add(new Series("validation", arm.ordinal(), Look.MARKS, points(trained.path("validations"))));
        }
        blocks.add(new Block.Figure("curves-" + set,
                new Chart("Loss while %s learns, %s".formatted(size, findings.title(set)),
                        Axis.linear("tokens"), Axis.linear("nats a token"), series),
                "Lines are means of the training loss over some steps; marks are losses on a part of the validation texts."));
    }

    private static List<Point> points(JsonNode pairs) {
        List<Point> points = new ArrayList<>();
        pairs.forEach(pair -> points.add(Point.of(pair.path(0).asDouble(), pair.path(1).asDouble())));
        return points;
    }

    private Optional<Block> slopes(String set) {
        List<List<String>> rows = new ArrayList<>();
        for (Arm arm : findings.arms()) {
            fit(set, arm, Optional.empty()).ifPresent(fit -> rows.add(List.of(arm.title(), fit.slope().signedText(4))));
        }
        for (Arm other : List.of(Arm.B1, Arm.LLAMA)) {
            fit(set, Arm.B158, Optional.of(other))
                    .ifPresent(fit -> rows.add(List.of("BitNet b1.58 less " + other.title(), fit
                            .slope().signedText(4))));
        }
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(new Block.Table("Slopes, " + findings.title(set),
                        List.of("of", "nats a token for ten times the weights"),
                        rows,
                        "The straight line of the loss against log₁₀ of the weights by least squares, with the 95 % interval of Student's t from what the sizes lie beside it; of two sizes no interval is known. All seeds of a size count as one point, their mean."));
    }

    /// The line of an arm's loss, or of its difference to another's, against the logarithm of the weights.
    Optional<LineFit> fit(String set, Arm arm, Optional<Arm> other) {
        List<double[]> points = new ArrayList<>();
        for (String size : findings.sizes()) {
            double loss = mean(set, size, arm) - other.map(one -> mean(set, size, one)).orElse(0.0);
            if (!Double.isNaN(loss)) {
                points.add(new double[] {
                        Math.log10(findings.model(set, size, arm).weights().orElse(findings.model(set, size,
                                arm).linearWeights())),
                        loss});
            }
        }
        return points.size() < 2
                ? Optional.empty()
                : Optional.of(LineFit.through(points.stream().mapToDouble(point -> point[0]).toArray(), points.stream()
                        .mapToDouble(point -> point[1]).toArray()));
    }

    private double mean(String set, String size, Arm arm) {
        return findings.seeds(set, size, arm).stream().mapToDouble(Model::nats).average().orElse(Double.NaN);
    }

    private Optional<Block> seeds() {
        String size = findings.experiment().path("seeded_size").asText();
        String set = findings.firstSet();
        List<List<String>> rows = new ArrayList<>();
        for (Arm arm : findings.arms()) {
            List<Model> models = findings.seeds(set, size, arm);
            if (models.size() > 1) {
                Spread spread = Spread.of(models.stream().mapToDouble(Model::nats).toArray());
                rows.add(List.of(arm.title(), Integer.toString(spread.count()), spread.mean().text(4),
                        Numbers.fixed(spread
                                .deviation(), 4)));
            }
        }
        for (Arm other : List.of(Arm.B1, Arm.LLAMA)) {
            betweenSeeds(Arm.B158, other)
                    .ifPresent(spread -> rows.add(List.of("b1.58 less " + other.title(), Integer.toString(
                            spread.count()), spread.mean().signedText(4), Numbers.fixed(spread.deviation(), 4))));
        }
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(new Block.Table("Seeds, size %s, %s".formatted(size, findings.title(set)),
                        List.of("arm", "seeds",
                                "nats a token", "standard deviation"),
                        rows,
                        "Mean over seeds with the 95 % interval of Student's t; seeds change the weights at the start and the order of the texts."));
    }

    /// The differences of two arms with the same seed; empty of fewer than two.
    Optional<Spread> betweenSeeds(Arm arm, Arm other) {
        String size = findings.experiment().path("seeded_size").asText();
        List<Double> differences = new ArrayList<>();
        for (long seed : findings.seeds()) {
            double difference = findings.model(findings.firstSet(), size, arm, seed).nats() - findings.model(findings
                    .firstSet(), size, other, seed).nats();
            if (!Double.isNaN(difference)) {
                differences.add(difference);
            }
        }
        return differences.size() < 2
                ? Optional.empty()
                : Optional.of(Spread.of(differences.stream().mapToDouble(Double::doubleValue).toArray()));
    }
}
