package org.ternlm.eval.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.ternlm.command.CommandException;

/// One JSON object of a data file, with errors that say what is wrong with it.
public final class JsonLine {
    private static final JsonMapper JSON = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private final JsonNode node;
    private final String fallbackId;

    private JsonLine(JsonNode node, String fallbackId) {
        this.node = node;
        this.fallbackId = fallbackId;
    }

    /// @param fallbackId the name of an item that has none itself
    /// @throws CommandException if the line is no JSON object
    static JsonLine parse(String line, String fallbackId) {
        try {
            JsonNode node = JSON.readTree(line);
            if (node.isObject()) {
                return new JsonLine(node, fallbackId);
            }
            throw new CommandException("expected a JSON object, found " + node.getNodeType());
        } catch (JsonProcessingException e) {
            throw new CommandException("expected a JSON object, found " + e.getOriginalMessage(), null, e);
        }
    }

    /// What the item is called: its first field of those names, or its place.
    String id(String... names) {
        for (String name : names) {
            if (node.path(name).isValueNode() && !node.path(name).isNull()) {
                return node.get(name).asText();
            }
        }
        return fallbackId;
    }

    boolean has(String name) {
        return node.hasNonNull(name);
    }

    /// The object within that name, with the same place.
    JsonLine inner(String name) {
        JsonNode value = required(name);
        if (!value.isObject()) {
            throw wrong(name, "an object", value);
        }
        return new JsonLine(value, fallbackId);
    }

    String text(String name) {
        JsonNode value = required(name);
        if (!value.isTextual()) {
            throw wrong(name, "a string", value);
        }
        return value.textValue();
    }

    /// A list of at least two strings.
    List<String> choices(String name) {
        JsonNode value = required(name);
        List<String> texts = new ArrayList<>();
        for (JsonNode element : value) {
            if (!value.isArray() || !element.isTextual()) {
                throw wrong(name, "a list of strings", element);
            }
            texts.add(element.textValue());
        }
        if (texts.size() < 2) {
            throw wrong(name, "a list of at least two strings", value);
        }
        return texts;
    }

    /// A number from 0 to below `count`, also where it is written as a string.
    int index(String name, int count) {
        return index(name, 0, count);
    }

    /// A number from `first` to below `first + count`, less `first`.
    int index(String name, int first, int count) {
        JsonNode value = required(name);
        String text = value.asText().strip();
        if (text.length() == 1 && text.charAt(0) >= '0' + first && text.charAt(0) < '0' + first + count) {
            return text.charAt(0) - '0' - first;
        }
        throw wrong(name, "%d to %d".formatted(first, first + count - 1), value);
    }

    /// A whole number.
    long number(String name) {
        JsonNode value = required(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(name, "a whole number", value);
        }
        return value.longValue();
    }

    /// Yes or no, also where it is written as 1 or 0.
    boolean flag(String name) {
        JsonNode value = required(name);
        return value.isBoolean() ? value.booleanValue() : index(name, 2) == 1;
    }

    /// An error that names what the object has.
    CommandException unknown(String expected) {
        Set<String> keys = new TreeSet<>();
        node.fieldNames().forEachRemaining(keys::add);
        return new CommandException("expected %s, found %s".formatted(expected, keys.isEmpty()
                ? "an empty object"
                : "the keys " + String.join(", ", keys)));
    }

    private JsonNode required(String name) {
        JsonNode value = node.get(name);
        if (value == null || value.isNull()) {
            throw unknown("the key " + name);
        }
        return value;
    }

    private static CommandException wrong(String name, String expected, JsonNode found) {
        String text = found.toString();
        return new CommandException("%s: expected %s, found %s".formatted(name, expected, text.length() > 60
                ? text.substring(0, 60) + "…"
                : text));
    }
}
