package org.ternlm.train.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ternlm.format.ModelFormatException;

/// One mapping of a configuration file. Hands out values with their checks, and refuses at the end what nobody asked
/// for: a misspelt key must not silently leave the default in place. Not thread-safe.
final class Section {
    private final Path file;
    private final String place;
    private final JsonNode node;
    private final Set<String> asked = new HashSet<>();
    private final List<Section> children = new ArrayList<>();

    Section(Path file, String place, JsonNode node) {
        this.file = file;
        this.place = place;
        this.node = node;
        if (!node.isObject() && !node.isMissingNode() && !node.isNull()) {
            throw ModelFormatException.in(file).at(place.isEmpty() ? "top level" : place).expected("keys with values")
                    .found(node).problem();
        }
    }

    Section child(String key) {
        asked.add(key);
        Section child = new Section(file, name(key), node.path(key));
        children.add(child);
        return child;
    }

    boolean has(String key) {
        asked.add(key);
        return node.hasNonNull(key);
    }

    String text(String key) {
        JsonNode value = value(key);
        if (!value.isValueNode() || value.asText().isEmpty()) {
            throw problem(key, "a text");
        }
        return value.asText();
    }

    String text(String key, String otherwise) {
        return has(key) ? text(key) : otherwise;
    }

    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        JsonNode value = value(key);
        if (value.isTextual()) {
            texts.add(value.asText());
        }
        for (JsonNode item : value) {
            if (!item.isTextual()) {
                throw problem(key, "a list of texts");
            }
            texts.add(item.asText());
        }
        return texts;
    }

    /// The mappings of a list, or the mapping itself where there is no list. A text counts as a mapping of `shorthand` to
    /// it.
    List<Section> items(String key, String shorthand) {
        JsonNode value = value(key);
        List<JsonNode> nodes = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(nodes::add);
        } else {
            nodes.add(value);
        }
        List<Section> items = new ArrayList<>();
        for (JsonNode node : nodes) {
            JsonNode mapping = node.isTextual()
                    ? JsonNodeFactory.instance.objectNode().set(shorthand, node)
                    : node;
            items.add(new Section(file, "%s[%d]".formatted(name(key), items.size()), mapping));
        }
        children.addAll(items);
        return items;
    }

    <T> T choice(String key, Map<String, T> choices, String otherwise) {
        String name = text(key, otherwise);
        T choice = choices.get(name);
        if (choice == null) {
            throw problem(key, "one of " + choices.keySet().stream().sorted().toList());
        }
        return choice;
    }

    long whole(String key, long least, long most) {
        JsonNode value = value(key);
        if (!value.isNumber() || value.asDouble() != Math.rint(value.asDouble()) || value.asDouble() < least
                || value.asDouble() > most) {
            throw problem(key, "a whole number from %d to %d".formatted(least, most));
        }
        return value.asLong();
    }

    long whole(String key, long least, long most, long otherwise) {
        return has(key) ? whole(key, least, most) : otherwise;
    }

    double number(String key, double least, double most, double otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        // YAML reads 1e-3 as a text; people mean a number.
        double value;
        try {
            value = Double.parseDouble(value(key).asText());
        } catch (NumberFormatException e) {
            throw problem(key, "a number");
        }
        if (!(value >= least && value <= most)) {
            throw problem(key, "a number from %s to %s".formatted(least, most));
        }
        return value;
    }

    boolean flag(String key, boolean otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        if (!value(key).isBoolean()) {
            throw problem(key, "true or false");
        }
        return value(key).asBoolean();
    }

    private JsonNode value(String key) {
        asked.add(key);
        JsonNode value = node.path(key);
        if (value.isMissingNode() || value.isNull()) {
            throw ModelFormatException.in(file).at(name(key)).expected("a value").found("nothing").problem();
        }
        return value;
    }

    ModelFormatException problem(String key, String expected) {
        return ModelFormatException.in(file).at(name(key)).expected(expected).found(node.path(key)).problem();
    }

    /// Refuses keys that were not asked for, here and in the children.
    void checkNothingLeft() {
        node.fieldNames().forEachRemaining(key -> {
            if (!asked.contains(key)) {
                throw ModelFormatException.in(file).at(name(key)).expected("one of " + asked.stream().sorted().toList())
                        .found("an unknown key").problem();
            }
        });
        children.forEach(Section::checkNothingLeft);
    }

    private String name(String key) {
        return place.isEmpty() ? key : place + "." + key;
    }
}
