package org.ternlm.compare.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.ternlm.compare.config.Arm;
import org.ternlm.compare.step.Kind;
import org.ternlm.compare.step.Result;
import org.ternlm.compare.step.Results;

/// Results in the order in which a report asks for them.
///
/// @param results of all steps
record Findings(Results results) {

    /// What is compared.
    JsonNode experiment() {
        return values("experiment");
    }

    /// The values of a step; missing where it is not done.
    JsonNode values(String id) {
        return results.done(id).map(Result::values).orElse(MissingNode.getInstance());
    }

    List<String> sizes() {
        return names(experiment().path("sizes"));
    }

    List<String> sets() {
        return names(experiment().path("sets"));
    }

    private static List<String> names(JsonNode items) {
        List<String> names = new ArrayList<>();
        items.forEach(item -> names.add(item.path("name").asText()));
        return names;
    }

    /// The name of a set in words.
    String title(String set) {
        for (JsonNode node : experiment().path("sets")) {
            if (node.path("name").asText().equals(set)) {
                return node.path("title").asText();
            }
        }
        return set;
    }

    List<Arm> arms() {
        List<String> names = new ArrayList<>();
        experiment().path("arms").forEach(arm -> names.add(arm.asText()));
        return Arm.all().stream().filter(arm -> names.contains(arm.configName())).toList();
    }

    List<Long> seeds() {
        List<Long> seeds = new ArrayList<>();
        experiment().path("seeds").forEach(seed -> seeds.add(seed.asLong()));
        return seeds;
    }

    /// A model of a comparison, whatever of it was measured.
    Model model(String set, String size, Arm arm, long seed) {
        return new Model(this, set, size, arm, seed);
    }

    /// The model of the first seed.
    Model model(String set, String size, Arm arm) {
        return model(set, size, arm, seeds().isEmpty() ? 1 : seeds().getFirst());
    }

    /// The models of the first seed with a loss, by size, then by arm.
    List<Model> models(String set) {
        List<Model> models = new ArrayList<>();
        for (String size : sizes()) {
            for (Arm arm : arms()) {
                Model model = model(set, size, arm);
                if (model.loss().isPresent()) {
                    models.add(model);
                }
            }
        }
        return models;
    }

    /// Models of all seeds with a loss.
    List<Model> seeds(String set, String size, Arm arm) {
        return seeds().stream().map(seed -> model(set, size, arm, seed)).filter(model -> model.loss().isPresent())
                .toList();
    }

    /// The largest size at which all of these arms have what is asked for.
    Optional<String> largest(String set, List<Arm> needed, Predicate<Model> has) {
        return sizes().reversed().stream()
                .filter(size -> needed.stream().allMatch(arm -> has.test(model(set, size, arm))))
                .findFirst();
    }

    /// The set that a report speaks of first.
    String firstSet() {
        return sets().isEmpty() ? "" : sets().getFirst();
    }

    /// The shape of a size.
    JsonNode shape(String size) {
        for (JsonNode node : experiment().path("sizes")) {
            if (node.path("name").asText().equals(size)) {
                return node;
            }
        }
        return MissingNode.getInstance();
    }

    List<Result> of(Kind kind) {
        return results.done(kind);
    }
}
