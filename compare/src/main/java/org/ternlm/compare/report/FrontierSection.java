package org.ternlm.compare.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import org.ternlm.compare.config.Arm;
import org.ternlm.compare.figure.Frontier;
import org.ternlm.compare.report.Picture.Axis;
import org.ternlm.compare.report.Picture.Chart;
import org.ternlm.compare.report.Picture.Look;
import org.ternlm.compare.report.Picture.Point;
import org.ternlm.compare.report.Picture.Series;

/// What is best for its memory, and for its time: models of all sizes and arms together.
record FrontierSection(Findings findings) {

    /// A model that could be run.
    ///
    /// @param name of it
    /// @param color of its arm
    /// @param nats a token
    /// @param bytes of its file
    /// @param milliseconds a token; NaN where it was not timed
    record Candidate(String name, int color, double nats, double bytes, double milliseconds) {}

    /// Of one set, with the int8 and 4-bit forms of its LLaMA where they are there.
    List<Candidate> candidates(String set) {
        List<Candidate> candidates = new ArrayList<>();
        for (Model model : findings.models(set)) {
            model.bytes().ifPresent(
                    bytes -> candidates.add(new Candidate(model.title() + (model.arm() == Arm.LLAMA ? ", f16" : ""),
                            model.arm().ordinal(), model.nats(), bytes,
                            model.timing().msPerToken().orElse(Double.NaN))));
        }
        if (findings.experiment().path("spectrum").path("set").asText().equals(set)) {
            String size = findings.experiment().path("spectrum").path("size").asText();
            for (SpectrumSection.Entry entry : new SpectrumSection(findings).entries()) {
                if ((entry.name().endsWith("int8") || entry.name().endsWith("q4_0")) && entry.loss().isPresent()
                        && entry.bytes()
                                .isPresent()) {
                    candidates.add(
                            new Candidate(size + " " + entry.name().replace(" as", ","), 4, entry.nats(), entry.bytes()
                                    .getAsDouble(), entry.timing().msPerToken().orElse(Double.NaN)));
                }
            }
        }
        return candidates;
    }

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading("What to run with so much memory or time"));
        int before = blocks.size();
        for (String set : findings.sets()) {
            List<Candidate> candidates = candidates(set);
            if (candidates.size() > 1) {
                blocks.add(figure("frontier-memory-" + set, "Loss against memory, " + findings.title(set),
                        "bytes of the file",
                        candidates, Candidate::bytes));
                List<Candidate> timed = candidates.stream().filter(one -> !Double.isNaN(one.milliseconds)).toList();
                if (timed.size() > 1) {
                    blocks.add(figure("frontier-latency-" + set, "Loss against latency, " + findings.title(set),
                            "ms a token",
                            timed, Candidate::milliseconds));
                }
                blocks.add(budgets("The best model for so many bytes of weights, " + findings.title(set), "memory",
                        candidates,
                        Candidate::bytes, Numbers::bytes,
                        "Embedding and head (float16) included; the program's own memory is not. pack-%1$s-*.json, loss-%1$s-*.json, bench-%1$s-*.json"
                                .formatted(set)));
                if (timed.size() > 1) {
                    blocks.add(budgets("The best model for so much time, " + findings.title(set), "time", timed,
                            Candidate::milliseconds, value -> Numbers.three(value) + " ms",
                            "One sequence, on this machine."));
                }
            }
        }
        if (blocks.size() == before) {
            blocks.add(new Block.Text("Not measured: fewer than two models with a loss and a file."));
        }
        return blocks;
    }

    private Block figure(String name, String title, String unit, List<Candidate> candidates,
            ToDoubleFunction<Candidate> cost) {
        List<Candidate> best = Frontier.of(candidates, cost, Candidate::nats);
        List<Series> series = new ArrayList<>();
        series.add(new Series("frontier", 6, Look.DASHED,
                best.stream().map(one -> Point.of(cost.applyAsDouble(one), one.nats))
                        .toList()));
        for (Arm arm : findings.arms()) {
            series.add(marks(arm.title(), arm.ordinal(), candidates, cost));
        }
        series.add(marks("LLaMA, int8 or 4 bits", 4, candidates, cost));
        return new Block.Figure(name, new Chart(title, Axis.logarithmic(unit), Axis.linear("nats a token"), series),
                "On the frontier: " + String.join("; ", best.stream().map(Candidate::name).toList()) + ".");
    }

    private static Series marks(String name, int color, List<Candidate> candidates, ToDoubleFunction<Candidate> cost) {
        return new Series(name, color, Look.MARKS,
                candidates.stream().filter(one -> one.color == color).map(one -> new Point(cost
                        .applyAsDouble(one), one.nats, Double.NaN, Double.NaN, "")).toList());
    }

    /// Who is best for each amount that another begins to be best from.
    private static Block budgets(String title, String unit, List<Candidate> candidates,
            ToDoubleFunction<Candidate> cost,
            DoubleFunction<String> amount, String note) {
        List<List<String>> rows = new ArrayList<>();
        for (Candidate one : Frontier.of(candidates, cost, Candidate::nats)) {
            rows.add(List.of("from " + amount.apply(cost.applyAsDouble(one)), one.name, Numbers.fixed(one.nats, 4),
                    Numbers.bytes(
                            one.bytes),
                    Numbers.three(one.milliseconds)));
        }
        return new Block.Table(title, List.of(unit, "model", "nats a token", "file", "ms a token"), rows, note);
    }
}
