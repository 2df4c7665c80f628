package org.ternlm.chat.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;

/// How large a schema may be: it may come from anybody.
final class SchemaLimits {
    /// The most JSON values that a schema may be made of.
    static final int MOST_NODES = 20_000;
    /// The deepest nesting of its JSON.
    static final int DEEPEST = 100;
    /// The most values of an `enum`.
    static final int MOST_VALUES = 1000;
    /// The most places with requirements of their own, after references and combinations have been followed.
    static final int MOST_GOALS = 5000;

    private SchemaLimits() {}

    private record Place(String pointer, JsonNode node, int depth) {}

    /// @throws UnsupportedSchemaException if it is too large or too deep
    static void check(JsonNode schema) {
        Deque<Place> waiting = new ArrayDeque<>();
        waiting.push(new Place("", schema, 1));
        int count = 0;
        while (!waiting.isEmpty()) {
            Place place = waiting.pop();
            if (++count > MOST_NODES) {
                throw new UnsupportedSchemaException("", "expected at most " + MOST_NODES + " JSON values, found more");
            }
            if (place.depth > DEEPEST) {
                throw new UnsupportedSchemaException(place.pointer,
                        "expected JSON of at most " + DEEPEST + " levels, found more");
            }
            int index = 0;
            for (JsonNode element : place.node.isArray() ? place.node : new ArrayDeque<JsonNode>()) {
                waiting.push(new Place(place.pointer + "/" + index++, element, place.depth + 1));
            }
            for (Iterator<Map.Entry<String, JsonNode>> fields = place.node.fields(); fields.hasNext();) {
                Map.Entry<String, JsonNode> field = fields.next();
                waiting.push(new Place(child(place.pointer, field.getKey()), field.getValue(), place.depth + 1));
            }
        }
    }

    /// The pointer to a member.
    static String child(String pointer, String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
