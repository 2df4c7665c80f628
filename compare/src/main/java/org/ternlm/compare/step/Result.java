package org.ternlm.compare.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a step left.
///
/// @param id of the step, which names its file
/// @param kind of the step
/// @param about what it is about: `set`, `size`, `arm`, `seed` and the like
/// @param decides what decides the outcome, as a checksum: with another configuration it is another
/// @param commit the state of the program that did it
/// @param began when, as ISO 8601
/// @param seconds it took
/// @param commands that were started, as one could type them
/// @param failure why it failed; empty where it did not
/// @param values what came out, by name
public record Result(String id, Kind kind, Map<String, String> about, String decides, String commit, String began,
        double seconds, List<String> commands, Optional<String> failure, JsonNode values) {
    public Result {
        about = new LinkedHashMap<>(about);
        commands = List.copyOf(commands);
    }

    /// Whether the values are there.
    public boolean isDone() {
        return failure.isEmpty();
    }

    /// What it is about in one respect; empty where it has none.
    public String about(String key) {
        return about.getOrDefault(key, "");
    }

    ObjectNode json() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("step", id).put("kind", kind.word());
        ObjectNode subjects = node.putObject("about");
        about.forEach(subjects::put);
        node.put("decides", decides).put("commit", commit).put("began", began).put("seconds", Math.round(1000
                * seconds) / 1000.0);
        commands.forEach(node.putArray("commands")::add);
        failure.ifPresent(why -> node.put("failed", why));
        node.set("values", values);
        return node;
    }

    /// @throws IllegalArgumentException if it is none
    static Result of(JsonNode node) {
        Kind kind = Kind.all().stream().filter(one -> one.word().equals(node.path("kind").asText())).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no kind of step: " + node.path("kind")));
        Map<String, String> about = new LinkedHashMap<>();
        node.path("about").properties().forEach(entry -> about.put(entry.getKey(), entry.getValue().asText()));
        List<String> commands = new ArrayList<>();
        node.path("commands").forEach(command -> commands.add(command.asText()));
        if (!node.path("step").isTextual() || !node.path("values").isObject()) {
            throw new IllegalArgumentException("a step and its values are missing");
        }
        return new Result(node.path("step").asText(), kind, about, node.path("decides").asText(), node.path("commit")
                .asText(), node.path("began").asText(), node.path("seconds").asDouble(), commands,
                node.has("failed")
                        ? Optional.of(node.path("failed").asText())
                        : Optional.empty(),
                node.path("values"));
    }
}
