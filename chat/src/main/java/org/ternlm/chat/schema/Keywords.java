package org.ternlm.chat.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The keywords of one schema, checked for their types as they are asked for.
record Keywords(String pointer, ObjectNode schema) {
    private static final Set<String> KNOWN = Set.of("type", "properties", "required", "additionalProperties", "enum",
            "const", "items", "prefixItems", "minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum",
            "exclusiveMinimum", "exclusiveMaximum", "pattern", "format", "anyOf", "oneOf", "allOf", "$ref", "$defs",
            "definitions");
    private static final Set<String> IGNORED = Set.of("title", "description", "default", "examples", "$schema", "$id",
            "$comment", "$anchor", "deprecated", "readOnly", "writeOnly", "discriminator");
    private static final int LARGEST_EXPONENT = 1000;

    /// @throws UnsupportedSchemaException if there is a keyword that cannot be kept to
    Keywords {
        for (Iterator<String> names = schema.fieldNames(); names.hasNext();) {
            String name = names.next();
            if (!KNOWN.contains(name) && !IGNORED.contains(name) && !name.startsWith("x-")) {
                throw new UnsupportedSchemaException(SchemaLimits.child(pointer, name),
                        "this keyword is not supported");
            }
        }
        if (!pointer.isEmpty() && schema.has("$id")) {
            throw new UnsupportedSchemaException(pointer + "/$id",
                    "schemas with names of their own inside a schema are not supported");
        }
    }

    Optional<JsonNode> get(String name) {
        return Optional.ofNullable(schema.get(name));
    }

    String at(String name) {
        return SchemaLimits.child(pointer, name);
    }

    UnsupportedSchemaException wrong(String name, String expected) {
        JsonNode found = schema.get(name);
        String text = String.valueOf(found);
        return new UnsupportedSchemaException(at(name),
                "expected " + expected + ", found " + (text.length() > 60 ? text.substring(0, 60) + "…" : text));
    }

    Optional<String> text(String name) {
        Optional<JsonNode> node = get(name);
        if (node.isPresent() && !node.get().isTextual()) {
            throw wrong(name, "a string");
        }
        return node.map(JsonNode::textValue);
    }

    /// A number of things, at least 0; at most `most`, which stands for everything above it.
    int count(String name, int otherwise, int most) {
        Optional<JsonNode> node = get(name);
        if (node.isEmpty()) {
            return otherwise;
        }
        BigDecimal value = node.get().isNumber() && isFinite(node.get())
                ? node.get().decimalValue()
                : BigDecimal.ONE.negate();
        if (value.signum() < 0 || value.signum() > 0 && value.stripTrailingZeros().scale() > 0) {
            throw wrong(name, "a whole number from 0");
        }
        return value.compareTo(BigDecimal.valueOf(most)) > 0 ? most : value.intValue();
    }

    /// Whether a number was not too large for what its parser made of it.
    static boolean isFinite(JsonNode number) {
        return number.isIntegralNumber() || number.isBigDecimal() || Double.isFinite(number.doubleValue());
    }

    Optional<Bound> bound(String name, boolean exclusive) {
        Optional<JsonNode> node = get(name);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        if (!node.get().isNumber() || !isFinite(node.get())) {
            throw wrong(name, "a number");
        }
        BigDecimal value = node.get().decimalValue().stripTrailingZeros();
        if (Math.abs((long) value.scale()) > LARGEST_EXPONENT || value.precision() > LARGEST_EXPONENT) {
            throw wrong(name, "a number of ordinary size");
        }
        return Optional.of(new Bound(value, exclusive));
    }

    /// The elements of a list, each with its place.
    List<Atom> list(String name) {
        Optional<JsonNode> node = get(name);
        if (node.isEmpty()) {
            return List.of();
        }
        if (!node.get().isArray() || node.get().isEmpty()) {
            throw wrong(name, "a list that is not empty");
        }
        List<Atom> elements = new ArrayList<>();
        for (JsonNode element : node.get()) {
            elements.add(new Atom(at(name) + "/" + elements.size(), element));
        }
        return elements;
    }

    /// The members of an object, in their order.
    Map<String, JsonNode> members(String name) {
        Map<String, JsonNode> members = new LinkedHashMap<>();
        Optional<JsonNode> node = get(name);
        if (node.isPresent() && !node.get().isObject()) {
            throw wrong(name, "an object");
        }
        node.ifPresent(object -> object.fields()
                .forEachRemaining(field -> members.put(field.getKey(), field.getValue())));
        return members;
    }

    /// A list of different strings, perhaps empty.
    List<String> names(String name) {
        List<String> names = new ArrayList<>();
        Optional<JsonNode> node = get(name);
        if (node.isPresent() && !node.get().isArray()) {
            throw wrong(name, "a list of strings");
        }
        for (JsonNode element : node.orElse(schema.arrayNode(0))) {
            if (!element.isTextual()) {
                throw wrong(name, "a list of strings");
            }
            names.add(element.textValue());
        }
        return names;
    }
}
