package org.ternlm.chat.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/// One value: null, a boolean, a number or a string.
record Word(JsonNode value) implements Branch {
    static final Word NULL = new Word(JsonNodeFactory.instance.nullNode());
    static final Word TRUE = new Word(JsonNodeFactory.instance.booleanNode(true));
    static final Word FALSE = new Word(JsonNodeFactory.instance.booleanNode(false));

    /// As JSON schemas compare: numbers by their value.
    boolean isSame(Word other) {
        if (value.isNumber() && other.value.isNumber()) {
            return value.decimalValue().compareTo(other.value.decimalValue()) == 0;
        }
        return value.equals(other.value);
    }

    /// Its JSON.
    String json() {
        return value.toString();
    }
}
