package org.ternlm.server.openai;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import org.ternlm.chat.schema.JsonGrammar;
import org.ternlm.chat.schema.UnsupportedSchemaException;
import org.ternlm.server.http.ApiException;

/// Reads `response_format`.
final class ResponseFormat {
    private static final String NAME = "response_format";

    private ResponseFormat() {}

    /// What the answer has to look like, or null where it may be any text.
    static @Nullable JsonGrammar of(Fields request) {
        Fields format = request.object(NAME);
        if (format == null) {
            return null;
        }
        return switch (format.requiredText("type")) {
            case "text" -> null;
            case "json_object" -> JsonGrammar.anyObject();
            case "json_schema" -> ofSchema(format);
            default -> throw format.wrong("type", "text, json_object or json_schema", format.required("type"));
        };
    }

    private static JsonGrammar ofSchema(Fields format) {
        Fields named = Fields.of(format.required("json_schema"), format.path("json_schema"));
        JsonNode schema = named.required("schema");
        try {
            return JsonGrammar.of(schema);
        } catch (UnsupportedSchemaException e) {
            throw ApiException.field(400, named.path("schema"), "unsupported_schema",
                    named.path("schema") + ": " + e.getMessage());
        }
    }
}
