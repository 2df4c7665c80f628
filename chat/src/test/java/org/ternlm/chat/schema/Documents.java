package org.ternlm.chat.schema;

import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Feeds documents to grammars byte by byte, and lets the library of networknt judge them.
final class Documents {
    static final JsonMapper JSON = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private Documents() {}

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    static JsonGrammar grammar(String schema) {
        return JsonGrammar.of(json(schema));
    }

    static boolean accepts(JsonGrammar grammar, byte[] document) {
        Places places = grammar.start();
        for (byte b : document) {
            places = places.step(b & 0xFF);
        }
        return places.complete();
    }

    static boolean accepts(JsonGrammar grammar, String document) {
        return accepts(grammar, document.getBytes(StandardCharsets.UTF_8));
    }

    /// What the library finds wrong, with `format` as an assertion.
    static List<String> faults(JsonNode schema, String document) {
        return FACTORY.getSchema(schema).validate(document, InputFormat.JSON,
                context -> context.getExecutionConfig().setFormatAssertionsEnabled(true)).stream()
                .map(Object::toString).toList();
    }
}
