package org.ternlm.compare.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ternlm.compare.config.Arm;
import org.ternlm.compare.step.Kind;
import org.ternlm.compare.step.Result;

/// What was compared, and how it was trained.
record SetupSection(Findings findings) {

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading("What was compared"));
        blocks.add(new Block.Text(sentence()));
        blocks.add(shapes());
        for (JsonNode set : findings.experiment().path("sets")) {
            blocks.add(styles(set));
        }
        sweeps(blocks);
        return blocks;
    }

    private String sentence() {
        JsonNode recipe = findings.experiment().path("recipe");
        JsonNode prepared = findings.values(Kind.PREPARE.word());
        StringBuilder text = new StringBuilder(
                "Each model was trained on the same %,d tokens in the same order (for the same seed), %,d steps of %d × %d tokens in %s, with %s."
                        .formatted(
                                recipe.path("tokens").asLong(), recipe.path("steps").asLong(),
                                recipe.path("batch").asInt(), recipe.path(
                                        "length").asInt(),
                                recipe.path("precision").asText(), recipe.path("schedule").asText().isEmpty()
                                        ? "the schedule of each arm's own recipe (two stages for both BitNets, linear for LLaMA)"
                                        : "a " + recipe.path("schedule").asText() + " schedule for all"));
        if (prepared.has("training_tokens")) {
            text.append(
                    " The texts have %,d tokens, so that no text was seen more than %s times. Losses are of %,d documents that no model was trained on."
                            .formatted(
                                    prepared.path("training_tokens").asLong(),
                                    Numbers.fixed(Math.max(1, prepared.path("most_epochs")
                                            .asDouble()), 1),
                                    prepared.path("bytes").size()));
        }
        text.append(isSameData()
                ? " All runs read the same corpus, by its checksum."
                : "");
        return text.toString();
    }

    private boolean isSameData() {
        List<Result> trained = findings.of(Kind.TRAIN);
        return trained.size() > 1 && trained.stream().map(result -> result.values().path("corpus").asText()).distinct()
                .count() == 1;
    }

    private Block shapes() {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode size : findings.experiment().path("sizes")) {
            String name = size.path("name").asText();
            Model model = findings.model(findings.firstSet(), name, Arm.B158);
            rows.add(List.of(name, Numbers.orNone(model.weights(), Numbers::count),
                    Numbers.count(size.path("linear_weights")
                            .asDouble()),
                    size.path("hidden").asText(), size.path("feed_forward").asText(), size.path("layers")
                            .asText(),
                    size.path("heads").asText(), size.path("key_value_heads").asText()));
        }
        return new Block.Table("Shapes",
                List.of("size", "weights", "in linear layers", "hidden", "feed-forward", "layers",
                        "heads", "key-value heads"),
                rows, "Weights as tern inspect counts those of BitNet b1.58.");
    }

    private Block styles(JsonNode set) {
        List<List<String>> rows = new ArrayList<>();
        for (Map.Entry<String, JsonNode> arm : set.path("styles").properties()) {
            JsonNode style = arm.getValue();
            rows.add(List.of(arm(arm.getKey()), style.path("activation").asText(), yes(style.path("sub_norms")),
                    yes(style.path(
                            "tied_head"))));
        }
        return new Block.Table("Set \"%s\"".formatted(set.path("title").asText()),
                List.of("arm", "activation", "sub-norms",
                        "tied head"),
                rows, "");
    }

    private static String arm(String name) {
        return Arm.all().stream().filter(arm -> arm.configName().equals(name)).map(Arm::title).findFirst().orElse(name);
    }

    private static String yes(JsonNode flag) {
        return flag.asBoolean() ? "yes" : "no";
    }

    private void sweeps(List<Block> blocks) {
        List<List<String>> rows = new ArrayList<>();
        for (Result sweep : findings.of(Kind.SWEEP)) {
            List<String> tried = new ArrayList<>();
            JsonNode rates = sweep.values().path("rates");
            rates.properties().stream()
                    .sorted((a, b) -> Double.compare(a.getValue().asDouble(), b.getValue().asDouble()))
                    .forEach(rate -> {
                        JsonNode loss = sweep.values().path("losses").path(rate.getKey());
                        tried.add(Numbers.three(rate.getValue().asDouble()) + ": " + (loss.isNumber()
                                ? Numbers.fixed(loss.asDouble(), 3)
                                : "diverged"));
                    });
            rows.add(List.of(
                    "%s, %s %s".formatted(findings.title(sweep.about("set")), sweep.about("size"), arm(sweep.about(
                            "arm"))),
                    Numbers.three(sweep.values().path("best_rate").asDouble()), String.join("; ", tried)));
        }
        if (!rows.isEmpty()) {
            blocks.add(new Block.Table("Learning rates",
                    List.of("arm", "best", "validation loss of each rate that was tried"),
                    rows,
                    ("Runs of %s steps each, a factor of two apart, until the best has worse neighbours on both sides: the "
                            + "same rule and the same steps for each arm. From one width to another BitNet's rate goes with the "
                            + "fourth root of the width, LLaMA's with the width, inversely.")
                            .formatted(findings.experiment()
                                    .path("sweep_steps").asText())));
        }
    }
}
