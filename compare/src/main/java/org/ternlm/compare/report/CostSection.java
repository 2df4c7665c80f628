package org.ternlm.compare.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import org.ternlm.compare.config.Arm;
import org.ternlm.compare.report.Picture.Axis;
import org.ternlm.compare.report.Picture.Chart;
import org.ternlm.compare.report.Picture.Look;
import org.ternlm.compare.report.Picture.Point;
import org.ternlm.compare.report.Picture.Series;

/// Memory, latency and throughput: of the trained models, and of published shapes beside the paper's ratios.
record CostSection(Findings findings) {
    /// How a geometry's kinds are called in reports, in the order of the arms.
    private static final List<String> KINDS = List.of("f16", "b1", "b158");

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading("Memory, latency, throughput"));
        int before = blocks.size();
        for (String set : findings.sets()) {
            List<Model> models = findings.models(set).stream().filter(model -> model.timing().msPerToken().isPresent())
                    .toList();
            if (!models.isEmpty()) {
                blocks.add(costs(set, models));
                pictures(set, blocks);
                batches(set, models).ifPresent(blocks::add);
            }
        }
        if (blocks.size() == before) {
            blocks.add(new Block.Text("Not measured: no trained model was timed."));
        }
        geometries(blocks);
        return blocks;
    }

    private Block costs(String set, List<Model> models) {
        List<List<String>> rows = new ArrayList<>();
        for (Model model : models) {
            Timing timing = model.timing();
            Timing llama = findings.model(set, model.size(), Arm.LLAMA).timing();
            rows.add(
                    List.of(model.title(), Numbers.orNone(model.bytes(), Numbers::bytes),
                            Numbers.orNone(timing.weightBytes(),
                                    Numbers::bytes),
                            Numbers.orNone(timing.peakBytes(), Numbers::bytes), Numbers.orNone(timing.msPerToken(),
                                    Numbers::three),
                            timing.spread(), Numbers.orNone(Geometry.ratio(llama.msPerToken(), timing
                                    .msPerToken()), Numbers::times),
                            Numbers.orNone(timing.prompt(), rate -> Numbers.fixed(rate,
                                    0))));
        }
        return new Block.Table("Trained models, " + findings.title(set), List.of("model", "file", "read a token",
                "process at most", "ms a token", "fastest to slowest", "LLaMA takes", "prompt, tokens/s"), rows,
                "Medians by tern bench on this machine. Embedding and head are float16 in all; LLaMA's linear layers too. The process holds the JVM as well, which at these sizes is most of it. bench-"
                        + set
                        + "-*.json, pack-" + set + "-*.json");
    }

    private void pictures(String set, List<Block> blocks) {
        List<Series> bytes = new ArrayList<>();
        List<Series> times = new ArrayList<>();
        for (Arm arm : findings.arms()) {
            List<Point> ofBytes = new ArrayList<>();
            List<Point> ofTimes = new ArrayList<>();
            for (String size : findings.sizes()) {
                Model model = findings.model(set, size, arm);
                double weights = model.weights().orElse(model.linearWeights());
                model.timing().weightBytes().ifPresent(value -> ofBytes.add(Point.of(weights, value)));
                model.timing().msPerToken().ifPresent(value -> ofTimes.add(Point.of(weights, value)));
            }
            bytes.add(new Series(arm.title(), arm.ordinal(), Look.BOTH, ofBytes));
            times.add(new Series(arm.title(), arm.ordinal(), Look.BOTH, ofTimes));
        }
        Chart memory = new Chart("Bytes that a token reads, " + findings.title(set), Axis.logarithmic("weights"), Axis
                .logarithmic("bytes"), bytes);
        if (!memory.isEmpty()) {
            blocks.add(new Block.Figure("memory-" + set, memory, "Weights as they lie in memory, head included."));
            blocks.add(new Block.Figure("latency-" + set, new Chart("Latency, " + findings.title(set), Axis.logarithmic(
                    "weights"), Axis.logarithmic("ms a token"), times), "One sequence, one token after the other."));
        }
    }

    private Optional<Block> batches(String set, List<Model> models) {
        TreeSet<Integer> batches = new TreeSet<>();
        models.forEach(model -> model.timing().result().path("tests").forEach(test -> {
            if (test.path("test").asText().startsWith("tg")) {
                batches.add(test.path("batch").asInt());
            }
        }));
        if (batches.size() < 2) {
            return Optional.empty();
        }
        List<String> columns = new ArrayList<>(List.of("model"));
        batches.forEach(batch -> columns.add(batch == 1 ? "1 sequence" : batch + " sequences"));
        List<List<String>> rows = new ArrayList<>();
        for (Model model : models) {
            List<String> row = new ArrayList<>(List.of(model.title()));
            batches.forEach(
                    batch -> row.add(Numbers.orNone(model.timing().generation(batch), rate -> Numbers.fixed(rate, 0))));
            rows.add(row);
        }
        return Optional.of(new Block.Table(
                "Throughput in tokens a second, all sequences together, " + findings.title(set), columns,
                rows, "bench-" + set + "-*.json"));
    }

    private void geometries(List<Block> blocks) {
        List<Geometry> all = Geometry.all(findings);
        if (all.isEmpty()) {
            blocks.add(new Block.Text(
                    "Published shapes (700M to 70B): not measured. With a section geometry in the configuration they are."));
            return;
        }
        List<String> names = all.stream().map(Geometry::name).distinct().toList();
        List<List<String>> rows = new ArrayList<>();
        for (Geometry one : all) {
            Timing timing = one.timing();
            rows.add(List.of(one.name() + " " + one.kind(), Numbers.count(one.linearWeights()), Numbers.orNone(timing
                    .weightBytes(), Numbers::bytes), Numbers.orNone(timing.peakBytes(), Numbers::bytes),
                    Numbers.orNone(timing
                            .msPerToken(), Numbers::three),
                    Numbers.orNone(timing.generation(1), Numbers::three), Numbers.orNone(
                            timing.prompt(), Numbers::three),
                    one.isTooLarge() ? "larger than the memory" : ""));
        }
        blocks.add(
                new Block.Table("Published shapes with random weights",
                        List.of("shape", "in linear layers", "read a token",
                                "process at most", "ms a token", "tokens/s", "prompt, tokens/s", ""),
                        rows, "geometry-*.json"));
        blocks.add(ratios(all, names));
        picture(all, names).ifPresent(blocks::add);
    }

    private static Block ratios(List<Geometry> all, List<String> names) {
        List<List<String>> rows = new ArrayList<>();
        for (String name : names) {
            Optional<Geometry> half = Geometry.find(all, name, "f16");
            Optional<Geometry> b158 = Geometry.find(all, name, "b158");
            OptionalDouble time = half.isPresent() && b158.isPresent()
                    ? Geometry.ratio(half.get().timing().msPerToken(), b158.get().timing().msPerToken())
                    : OptionalDouble.empty();
            OptionalDouble memory = half.isPresent() && b158.isPresent()
                    ? Geometry.ratio(half.get().timing().weightBytes(), b158.get().timing().weightBytes())
                    : OptionalDouble.empty();
            double[] paper = Paper.COST_RATIOS.getOrDefault(name, new double[] {Double.NaN, Double.NaN});
            rows.add(List.of(name, Numbers.orNone(time, Numbers::times), Numbers.times(paper[0]), Numbers.orNone(memory,
                    Numbers::times), Numbers.times(paper[1])));
        }
        return new Block.Table("How much less BitNet b1.58 takes than LLaMA in float16",
                List.of("shape", "latency, here",
                        "latency, the paper's GPU", "memory, here", "memory, the paper's GPU"),
                rows,
                "Here: milliseconds a token and bytes of weights that a token reads, on this machine's processor. The paper's: figure 2 and table 1, measured by its authors on A100 GPUs, its memory being all that the GPU held. Its throughput of 70B, "
                        + Numbers.times(Paper.THROUGHPUT_RATIO) + " that of LLaMA with a batch " + Numbers.times(
                                Paper.BATCH_RATIO)
                        + " as large, was on two such GPUs (table 3).");
    }

    private static Optional<Block> picture(List<Geometry> all, List<String> names) {
        List<Series> series = new ArrayList<>();
        for (String kind : KINDS) {
            List<Point> points = new ArrayList<>();
            for (String name : names) {
                Geometry.find(all, name, kind).ifPresent(one -> points.add(Point.of(one.linearWeights(), one.timing()
                        .msPerToken().orElseThrow())));
            }
            series.add(new Series(kind, KINDS.indexOf(kind), Look.BOTH, points));
        }
        Chart chart = new Chart("Latency of published shapes", Axis.logarithmic("weights in linear layers"),
                Axis.logarithmic(
                        "ms a token"),
                series);
        return chart.isEmpty()
                ? Optional.empty()
                : Optional.of(new Block.Figure("latency-geometries", chart, "Random weights, this machine."));
    }
}
