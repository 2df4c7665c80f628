package org.ternlm.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// JSON as requests may hold it: strict, and of limited depth.
public final class Json {
    private static final int DEEPEST = 64;
    private static final int LONGEST_NUMBER = 64;
    private static final int LONGEST_NAME = 1024;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST)
                    .maxNumberLength(LONGEST_NUMBER).maxNameLength(LONGEST_NAME).maxStringLength(Integer.MAX_VALUE)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private Json() {}

    /// A new, empty object.
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /// What a request's body holds.
    ///
    /// @throws ApiException if that is not one JSON value in UTF-8, or one too deep
    public static JsonNode read(byte[] body) {
        try {
            JsonNode value = MAPPER.readTree(text(body));
            if (value.isMissingNode()) {
                throw ApiException.wrong(400, "invalid_json", "the body is empty, expected a JSON object");
            }
            return value;
        } catch (StreamConstraintsException e) {
            throw ApiException.wrong(400, "invalid_json",
                    "the body's JSON is too large or nested more than %d deep".formatted(DEEPEST));
        } catch (JsonProcessingException e) {
            throw ApiException.wrong(400, "invalid_json", "the body is not JSON: line %d, column %d".formatted(
                    e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                    e.getLocation() == null ? 1 : e.getLocation().getColumnNr()));
        }
    }

    private static String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            throw ApiException.wrong(400, "invalid_json", "the body is not UTF-8");
        }
    }

    /// A value as bytes of UTF-8.
    public static byte[] bytes(JsonNode value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
