package org.ternlm.chat.schema;

import com.fasterxml.jackson.databind.JsonNode;

/// One schema within the whole one. Two atoms are the same if they are the same object: [SchemaReader] makes one a
/// place.
final class Atom {
    private final String pointer;
    private final JsonNode schema;

    Atom(String pointer, JsonNode schema) {
        this.pointer = pointer;
        this.schema = schema;
    }

    /// Where it is, as a JSON pointer.
    String pointer() {
        return pointer;
    }

    JsonNode schema() {
        return schema;
    }

    @Override
    public String toString() {
        return pointer;
    }
}
