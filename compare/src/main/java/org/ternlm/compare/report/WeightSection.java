package org.ternlm.compare.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ternlm.compare.config.Arm;
import org.ternlm.compare.report.Picture.Bar;
import org.ternlm.compare.report.Picture.Bars;
import org.ternlm.compare.step.Kind;

/// Shares of -1, 0 and +1 by layer, and how many inputs of down projections are 0.
record WeightSection(Findings findings) {

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading("Weights and zeros"));
        Optional<String> size = findings.largest(findings.firstSet(), List.of(Arm.B158),
                model -> model.values(Kind.INSPECT)
                        .has("trits"));
        if (size.isEmpty()) {
            blocks.add(new Block.Text("Shares of -1, 0 and +1: not measured."));
        } else {
            shares(findings.model(findings.firstSet(), size.get(), Arm.B158), blocks);
        }
        densities(blocks);
        return blocks;
    }

    private static void shares(Model model, List<Block> blocks) {
        List<Bar> bars = new ArrayList<>();
        JsonNode trits = model.values(Kind.INSPECT).path("trits");
        bars.add(bar("all layers", trits.path("all")));
        int number = 0;
        for (JsonNode layer : trits.path("layers")) {
            bars.add(bar("layer " + number++, layer.path("all")));
        }
        blocks.add(new Block.Figure("shares",
                new Bars("Shares of the weights, " + model.title(), List.of("-1", "0", "+1"), bars),
                "By layer, " + model.file(Kind.INSPECT)));
        JsonNode first = trits.path("layers").path(0);
        List<Bar> roles = new ArrayList<>();
        for (var role : first.properties()) {
            if (!role.getKey().equals("all")) {
                double[] sum = new double[3];
                trits.path("layers").forEach(layer -> {
                    JsonNode counts = layer.path(role.getKey());
                    sum[0] += counts.path("minus").asDouble();
                    sum[1] += counts.path("zero").asDouble();
                    sum[2] += counts.path("plus").asDouble();
                });
                roles.add(bar(role.getKey(), sum[0], sum[1], sum[2]));
            }
        }
        if (!roles.isEmpty()) {
            blocks.add(new Block.Figure("shares-by-role",
                    new Bars("Shares of the weights by what they are for", List.of("-1", "0",
                            "+1"), roles),
                    "All layers together, " + model.file(Kind.INSPECT)));
        }
    }

    private static Bar bar(String label, JsonNode counts) {
        return bar(label, counts.path("minus").asDouble(), counts.path("zero").asDouble(),
                counts.path("plus").asDouble());
    }

    private static Bar bar(String label, double minus, double zero, double plus) {
        double all = Math.max(1, minus + zero + plus);
        return new Bar(label, List.of(minus / all, zero / all, plus / all));
    }

    private void densities(List<Block> blocks) {
        List<List<String>> rows = new ArrayList<>();
        for (String set : findings.sets()) {
            for (Model model : findings.models(set)) {
                List<Double> zeros = zeros(model);
                if (!zeros.isEmpty()) {
                    rows.add(List.of(model.title() + ", " + findings.title(set), Numbers.percent(mean(zeros)),
                            String.join(" ", zeros
                                    .stream().map(zero -> Numbers.fixed(100 * zero, 0)).toList())));
                }
            }
        }
        if (rows.isEmpty()) {
            blocks.add(new Block.Text("Inputs of the down projections that are 0: not measured."));
        } else {
            blocks.add(new Block.Table("Inputs of the down projections that are 0 after rounding to int8",
                    List.of("model",
                            "all layers", "layer by layer, %"),
                    rows,
                    "Of text that the model writes itself, by tern bench --profile; only ternary layers round their inputs. profile-*.json"));
        }
    }

    /// Shares of zeros by layer; empty where they were not counted.
    static List<Double> zeros(Model model) {
        List<Double> zeros = new ArrayList<>();
        for (JsonNode test : Timing.of(model.values(Kind.PROFILE)).result().path("tests")) {
            test.path("down_densities").forEach(density -> zeros.add(1 - density.asDouble()));
        }
        return zeros;
    }

    static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }
}
