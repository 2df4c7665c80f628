package org.ternlm.compare.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.ternlm.compare.config.Arm;
import org.ternlm.compare.step.Kind;

/// The energy of arithmetic, as the papers count it: a model, no measurement.
record EnergySection(Findings findings) {
    private static final double PICO = 1e-12;
    private static final double MICRO = 1e6;

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading("Energy of arithmetic (a model)"));
        List<List<String>> rows = new ArrayList<>();
        for (Model model : findings.models(findings.firstSet())) {
            JsonNode inspected = model.values(Kind.INSPECT);
            if (inspected.has("multiply_accumulates")) {
                rows.add(row(model, inspected));
            }
        }
        if (rows.isEmpty()) {
            blocks.add(new Block.Text("Not computed: no model was inspected."));
            return blocks;
        }
        blocks.add(new Block.Table("µJ a token by the papers' arithmetic",
                List.of("model", "linear layers", "with head and attention",
                        "LLaMA takes, linear layers", "LLaMA takes, all", "zeros skipped, linear layers"),
                rows,
                ("NOT MEASURED: operations times what each is said to take at 7 nm (2310.11453, table 2): int8 addition %s pJ, float16 addition %s and multiplication %s. "
                        + "A weight of a BitNet is one int8 addition (the paper counts the zeros too; the last column does not), one of LLaMA a float16 multiplication and addition; head and attention are float16 in all. Memory, which takes most of the energy in practice, is left out, by the papers too. inspect-*.json")
                        .formatted(Paper.INT8_ADD, Paper.HALF_ADD, Paper.HALF_MULTIPLY)));
        return blocks;
    }

    private List<String> row(Model model, JsonNode inspected) {
        JsonNode work = inspected.path("multiply_accumulates");
        double half = Paper.HALF_ADD + Paper.HALF_MULTIPLY;
        double linear = work.path("linear").asDouble();
        double rest = (work.path("attention").asDouble() + work.path("head").asDouble()) * half;
        boolean ternary = model.arm() != Arm.LLAMA;
        double own = linear * (ternary ? Paper.INT8_ADD : half);
        JsonNode trits = inspected.path("trits").path("all");
        double nonZero = trits.path("minus").asDouble() + trits.path("plus").asDouble();
        return List.of(model.title(), microjoules(own), microjoules(own + rest), Numbers.times(linear * half / own),
                Numbers
                        .times((linear * half + rest) / (own + rest)),
                ternary && nonZero > 0
                        ? microjoules(nonZero * Paper.INT8_ADD)
                        : Numbers.NONE);
    }

    private static String microjoules(double picojoules) {
        return Numbers.three(picojoules * PICO * MICRO);
    }
}
