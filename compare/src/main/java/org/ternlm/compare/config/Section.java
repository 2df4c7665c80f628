package org.ternlm.compare.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.ternlm.format.ModelFormatException;

/// One mapping of a configuration file: hands out checked values, and refuses at the end the keys that nobody asked for.
/// Not thread-safe.
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

    boolean has(String key) {
        asked.add(key);
        return node.hasNonNull(key);
    }

    Section child(String key) {
        asked.add(key);
        return adopt(new Section(file, name(key), node.path(key)));
    }

    /// The mappings of a list.
    List<Section> items(String key) {
        List<Section> items = new ArrayList<>();
        for (JsonNode item : list(key)) {
            items.add(adopt(new Section(file, "%s[%d]".formatted(name(key), items.size()), item)));
        }
        return items;
    }

    private Section adopt(Section child) {
        children.add(child);
        return child;
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

    /// A list of texts, or one text alone; empty where the key is missing.
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : list(key)) {
            if (!item.isValueNode() || item.asText().isEmpty()) {
                throw problem(key, "a list of texts");
            }
            texts.add(item.asText());
        }
        return texts;
    }

    /// A list of whole numbers in ascending order; empty where the key is missing.
    List<Long> wholes(String key, long least, long most) {
        List<Long> numbers = new ArrayList<>();
        for (JsonNode item : list(key)) {
            if (!item.isIntegralNumber() || item.asLong() < least || item.asLong() > most
                    || !numbers.isEmpty() && numbers.getLast() >= item.asLong()) {
                throw problem(key, "growing whole numbers from %d to %d".formatted(least, most));
            }
            numbers.add(item.asLong());
        }
        return numbers;
    }

    private Iterable<JsonNode> list(String key) {
        if (!has(key)) {
            return List.of();
        }
        JsonNode value = value(key);
        return value.isArray() ? value : List.of(value);
    }

    <T> T choice(String key, List<T> choices, Function<T, String> names, T otherwise) {
        return has(key) ? named(key, text(key), choices, names) : otherwise;
    }

    <T> List<T> choices(String key, List<T> choices, Function<T, String> names, List<T> otherwise) {
        List<String> found = texts(key);
        List<T> chosen = found.stream().map(name -> named(key, name, choices, names)).distinct().toList();
        if (chosen.size() < found.size()) {
            throw problem(key, "each name once");
        }
        return chosen.isEmpty() ? otherwise : chosen;
    }

    private <T> T named(String key, String name, List<T> choices, Function<T, String> names) {
        return choices.stream().filter(choice -> names.apply(choice).equals(name)).findFirst().orElseThrow(
                () -> problem(key, "of " + choices.stream().map(names).toList()));
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
        double value;
        try {
            // YAML reads 1e-3 as a text; people mean a number.
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
