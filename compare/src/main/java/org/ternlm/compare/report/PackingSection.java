package org.ternlm.compare.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ternlm.compare.config.Arm;
import org.ternlm.compare.step.Kind;
import org.ternlm.compare.step.Result;
import org.ternlm.compare.step.Results;

/// Bits that a weight takes in each packing.
record PackingSection(Findings findings) {

    /// The result of the step that counted bits.
    static Optional<Result> counted(Findings findings) {
        return findings.of(Kind.PACKINGS).stream().findFirst();
    }

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading("Bits of a weight"));
        Optional<Result> counted = counted(findings);
        if (counted.isEmpty()) {
            blocks.add(new Block.Text("Not measured: no model was packed in all formats."));
            return blocks;
        }
        JsonNode values = counted.get().values();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("log₂ 3, for weights of equal shares", Numbers.fixed(Paper.BITS_OF_A_TRIT, 3), ""));
        JsonNode entropy = values.path("trits").path("entropy_bits");
        if (entropy.isNumber()) {
            rows.add(List.of("entropy of this model's weights", Numbers.fixed(entropy.asDouble(), 3), ""));
        }
        for (Map.Entry<String, JsonNode> packing : values.path("bits_per_weight").properties()) {
            rows.add(List.of(packing.getKey().equals("folder") ? "Hugging Face folder" : "GGUF " + packing.getKey(),
                    Numbers.fixed(
                            packing.getValue().asDouble(), 3),
                    ""));
        }
        for (Map.Entry<String, JsonNode> refused : values.path("refused").properties()) {
            rows.add(List.of("GGUF " + refused.getKey(), Numbers.NONE, refused.getValue().asText()));
        }
        for (Arm arm : List.of(Arm.B158, Arm.B1)) {
            atRunTime(arm).ifPresent(
                    bits -> rows.add(List.of("as Tern runs %s here, filling included".formatted(arm.title()), Numbers
                            .fixed(bits, 3), "")));
        }
        boolean all = values.path("refused").isEmpty();
        List<List<String>> shown = all ? rows.stream().map(row -> row.subList(0, 2)).toList() : rows;
        blocks.add(new Block.Table("Bits of a weight in linear layers, scales included",
                all ? List.of("packing", "bits") : List.of("packing", "bits", "why not"), shown,
                Results.fileName(counted.get().id())));
        return blocks;
    }

    /// Bits in the layout that kernels read, of the largest model that was timed.
    OptionalDouble atRunTime(Arm arm) {
        Optional<String> size = findings.largest(findings.firstSet(), List.of(arm),
                model -> model.timing().weightBytes()
                        .isPresent() && model.values(Kind.INSPECT).has("weights"));
        if (size.isEmpty()) {
            return OptionalDouble.empty();
        }
        Model model = findings.model(findings.firstSet(), size.get(), arm);
        JsonNode inspected = model.values(Kind.INSPECT);
        // Of each token's bytes all but the head, which is float16, are linear layers.
        double head = 2 * inspected.path("multiply_accumulates").path("head").asDouble();
        return OptionalDouble.of(8 * (model.timing().weightBytes().orElseThrow() - head) / model.linearWeights());
    }
}
