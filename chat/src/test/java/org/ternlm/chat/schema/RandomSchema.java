package org.ternlm.chat.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Makes schemas at random, and for each a document that satisfies it, made along with it and not by the grammar.
final class RandomSchema {
    private static final List<String> NAMES = List.of("a", "ab", "name", "größe", "x\"y", "id", "\n", "a/b~", "😀", "");
    private static final List<String> TEXTS = List.of("", "a", "hello world", "\"\\/", "ü€😀", "\t\n\u0001", "tern");
    private static final List<Patterned> PATTERNS = List.of(new Patterned("^[a-c]{2,4}$", "abc"),
            new Patterned("^\\d{3}-\\d+$", "123-4567"), new Patterned("x+|y", "aayb"),
            new Patterned("^(ab|c)*$", "abcab"),
            new Patterned("^.{1,5}$", "ü€😀\"\\"), new Patterned("[^a-z\\s]$", "abcZ"),
            new Patterned("^\\w+@\\w+", "me@x y"));
    private static final List<Patterned> FORMATS = List.of(new Patterned("date", "2024-02-29"),
            new Patterned("time", "23:59:59.123Z"), new Patterned("date-time", "1999-12-31T00:00:00+02:00"),
            new Patterned("uuid", "123e4567-e89b-12d3-a456-426614174000"), new Patterned("ipv4", "192.168.0.1"),
            new Patterned("ipv6", "2001:db8::8a2e:370:7334"), new Patterned("hostname", "www.example.org"),
            new Patterned("duration", "P1Y2M3DT4H5M6S"));

    private final Random random;
    private final ObjectNode definitions = Documents.JSON.createObjectNode();

    private record Patterned(String pattern, String text) {}

    /// A schema and a value that it accepts.
    record Pair(JsonNode schema, JsonNode value) {}

    private RandomSchema(long seed) {
        random = new Random(seed);
    }

    static Pair of(long seed) {
        RandomSchema maker = new RandomSchema(seed);
        Pair pair = maker.make(3);
        if (!maker.definitions.isEmpty()) {
            ObjectNode root = Documents.JSON.createObjectNode();
            root.putArray("allOf").add(pair.schema);
            root.set("$defs", maker.definitions);
            return new Pair(root, pair.value);
        }
        return pair;
    }

    private Pair make(int depth) {
        return switch (random.nextInt(depth == 0 ? 7 : 13)) {
            case 0 -> text();
            case 1 -> number();
            case 2 -> whole();
            case 3 -> values();
            case 4 -> patterned();
            case 5 -> random.nextBoolean()
                    ? new Pair(object("null"), Documents.JSON.nullNode())
                    : new Pair(object("boolean"), Documents.JSON.getNodeFactory().booleanNode(random.nextBoolean()));
            case 6 -> lengths();
            case 7, 8 -> array(depth);
            case 9, 10 -> members(depth);
            case 11 -> alternatives(depth);
            default -> random.nextBoolean() ? reference(depth) : together(depth);
        };
    }

    private static ObjectNode object(String type) {
        return Documents.JSON.createObjectNode().put("type", type);
    }

    private Pair text() {
        return new Pair(object("string"), text(pick(TEXTS)));
    }

    private static JsonNode text(String text) {
        return Documents.JSON.getNodeFactory().textNode(text);
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private Pair lengths() {
        String text = pick(TEXTS);
        int length = text.codePointCount(0, text.length());
        ObjectNode schema = object("string");
        if (random.nextBoolean()) {
            schema.put("minLength", Math.max(0, length - random.nextInt(3)));
        }
        if (random.nextBoolean()) {
            schema.put("maxLength", length + random.nextInt(3));
        }
        return new Pair(schema, text(text));
    }

    private Pair patterned() {
        if (random.nextBoolean()) {
            Patterned format = pick(FORMATS);
            return new Pair(object("string").put("format", format.pattern), text(format.text));
        }
        Patterned pattern = pick(PATTERNS);
        ObjectNode schema = object("string").put("pattern", pattern.pattern);
        if (random.nextBoolean()) {
            schema.put("maxLength", pattern.text.codePointCount(0, pattern.text.length()) + random.nextInt(4));
        }
        return new Pair(schema, text(pattern.text));
    }

    private Pair number() {
        BigDecimal value = BigDecimal.valueOf(random.nextInt(-50_000, 50_000), random.nextInt(4));
        ObjectNode schema = object("number");
        boolean exclusive = random.nextBoolean();
        BigDecimal gap = BigDecimal.valueOf(random.nextInt(100) + 1, random.nextInt(5));
        if (random.nextBoolean()) {
            schema.put(exclusive ? "exclusiveMinimum" : "minimum", value.subtract(gap));
        }
        if (random.nextBoolean()) {
            schema.put(exclusive ? "exclusiveMaximum" : "maximum", value.add(gap));
        }
        return new Pair(schema, Documents.json(value.toPlainString()));
    }

    private Pair whole() {
        int value = random.nextInt(-1200, 1200);
        ObjectNode schema = object("integer");
        if (random.nextBoolean()) {
            schema.put("minimum", value - random.nextInt(50));
        }
        if (random.nextBoolean()) {
            schema.put("maximum", value + random.nextInt(50));
        }
        return new Pair(schema, Documents.json("" + value));
    }

    private Pair values() {
        ArrayNode values = Documents.JSON.createArrayNode();
        for (String value : List.of("1", "\"a\"", "\"ab\"", "null", "[1,[]]", "{\"k\":\"v\"}", "-2.5", "\"\\u001f\"")) {
            if (random.nextBoolean()) {
                values.add(Documents.json(value));
            }
        }
        values.add(random.nextInt(9));
        JsonNode value = values.get(random.nextInt(values.size()));
        ObjectNode schema = Documents.JSON.createObjectNode();
        if (random.nextInt(4) == 0) {
            schema.set("const", value);
        } else {
            schema.set("enum", values);
        }
        return new Pair(schema, value);
    }

    private Pair array(int depth) {
        ObjectNode schema = object("array");
        ArrayNode value = Documents.JSON.createArrayNode();
        if (random.nextInt(3) == 0) {
            ArrayNode first = schema.putArray("prefixItems");
            for (int i = random.nextInt(3); i >= 0; i--) {
                Pair pair = make(depth - 1);
                first.add(pair.schema);
                value.add(pair.value);
            }
        }
        Pair rest = make(depth - 1);
        schema.set("items", rest.schema);
        for (int i = random.nextInt(3); i > 0; i--) {
            value.add(rest.value);
        }
        if (random.nextBoolean()) {
            schema.put("minItems", Math.max(0, value.size() - random.nextInt(2)));
        }
        if (random.nextBoolean() || depth == 3) {
            schema.put("maxItems", value.size() + random.nextInt(3));
        }
        return new Pair(schema, value);
    }

    private Pair members(int depth) {
        ObjectNode schema = object("object");
        ObjectNode value = Documents.JSON.createObjectNode();
        ObjectNode properties = schema.putObject("properties");
        List<String> names = new ArrayList<>(NAMES);
        Collections.shuffle(names, random);
        ArrayNode required = Documents.JSON.createArrayNode();
        for (String name : names.subList(0, random.nextInt(4))) {
            Pair pair = make(depth - 1);
            properties.set(name, pair.schema);
            boolean needed = random.nextBoolean();
            if (needed) {
                required.add(name);
            }
            if (needed || random.nextBoolean()) {
                value.set(name, pair.value);
            }
        }
        schema.set("required", required);
        if (random.nextInt(3) > 0) {
            schema.put("additionalProperties", false);
        } else {
            Pair other = make(0);
            schema.set("additionalProperties", other.schema);
            for (String name : names.subList(5, 5 + random.nextInt(3))) {
                value.set(name, other.value);
            }
        }
        return new Pair(schema, value);
    }

    private Pair alternatives(int depth) {
        Pair first = make(depth - 1);
        Pair second = make(depth - 1);
        ObjectNode schema = Documents.JSON.createObjectNode();
        schema.putArray("anyOf").add(first.schema).add(second.schema);
        return new Pair(schema, random.nextBoolean() ? first.value : second.value);
    }

    private Pair together(int depth) {
        Pair pair = make(depth - 1);
        ObjectNode schema = Documents.JSON.createObjectNode();
        schema.putArray("allOf").add(pair.schema).add(Documents.JSON.createObjectNode().put("maxLength", 60)
                .put("minimum", -1000000).put("maxItems", 20));
        return new Pair(schema, pair.value);
    }

    /// A list of nodes, each with one value: `{"v": …, "next": {…}}`.
    private Pair reference(int depth) {
        String name = "d" + definitions.size();
        ObjectNode schema = object("object");
        definitions.set(name, schema);
        Pair pair = make(depth - 1);
        ObjectNode properties = schema.putObject("properties");
        properties.set("v", pair.schema);
        properties.putObject("next").put("$ref", "#/$defs/" + name);
        schema.putArray("required").add("v");
        schema.put("additionalProperties", false);
        ObjectNode value = Documents.JSON.createObjectNode();
        value.set("v", pair.value);
        for (int i = random.nextInt(3); i > 0; i--) {
            ObjectNode outer = Documents.JSON.createObjectNode();
            outer.set("v", pair.value);
            outer.set("next", value);
            value = outer;
        }
        return new Pair(Documents.JSON.createObjectNode().put("$ref", "#/$defs/" + name), value);
    }
}
