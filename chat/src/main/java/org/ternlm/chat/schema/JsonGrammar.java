package org.ternlm.chat.schema;

import com.fasterxml.jackson.databind.JsonNode;
import org.ternlm.generate.TokenMask;

/// What an answer has to look like: JSON of a schema, or any JSON object, with fixed text around it where a tool call
/// wants that. Immutable, and safe for several threads.
public final class JsonGrammar {
    private JsonGrammar() {}

    /// Any JSON object.
    public static JsonGrammar anyObject() {
        throw new UnsupportedOperationException("to come");
    }

    /// JSON that a schema (draft 2020-12, the keywords listed in docs/json-schema.md) accepts.
    ///
    /// @throws UnsupportedSchemaException if it holds a keyword that cannot be kept to, is too large or too deep, or
    /// accepts nothing
    public static JsonGrammar of(JsonNode schema) {
        throw new UnsupportedOperationException("to come: " + schema);
    }

    /// What any of these grammars accepts.
    public static JsonGrammar anyOf(java.util.List<JsonGrammar> grammars) {
        throw new UnsupportedOperationException("to come: " + grammars);
    }

    /// This, with fixed text before and after it.
    public JsonGrammar between(String before, String after) {
        throw new UnsupportedOperationException("to come: " + before + after);
    }

    /// A new mask for one generation.
    ///
    /// @param vocabulary the model's
    public TokenMask mask(TokenVocabulary vocabulary) {
        throw new UnsupportedOperationException("to come: " + vocabulary);
    }
}
