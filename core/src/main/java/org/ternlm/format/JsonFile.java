package org.ternlm.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// JSON objects out of untrusted files: duplicate keys, trailing text and absurd nesting are refused.
public final class JsonFile {
    private static final int DEEPEST = 64;
    private static final JsonMapper MAPPER = JsonMapper
            .builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build()).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private JsonFile() {}

    /// Reads the object that `path` holds, if it is no larger than `largest` bytes.
    ///
    /// @throws ModelFormatException
    ///             if there is no such file, it is too large, or holds anything else
    public static ObjectNode read(Path path, long largest) {
        try {
            if (!Files.isRegularFile(path)) {
                throw ModelFormatException.in(path).expected("a JSON file")
                        .found(Files.isDirectory(path) ? "a folder" : "nothing there").problem();
            }
            if (Files.size(path) > largest) {
                throw ModelFormatException.in(path).expected("at most " + largest + " bytes of JSON")
                        .found(Files.size(path)).problem();
            }
            return parse(Files.readAllBytes(path), path, "");
        } catch (IOException e) {
            throw ModelFormatException.in(path).expected("a readable file").found(e.getMessage()).cause(e).problem();
        }
    }

    /// Reads the object that `json` holds; `path` and `place` say in messages where it stood.
    ///
    /// @throws ModelFormatException
    ///             if it holds anything else
    public static ObjectNode parse(byte[] json, Path path, String place) {
        try {
            JsonNode node = MAPPER.readTree(json);
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw problem(path, place).found(kind(node)).problem();
        } catch (JsonProcessingException e) {
            throw problem(path, place).found(describe(e)).cause(e).problem();
        } catch (IOException e) {
            throw problem(path, place).found(e.getMessage()).cause(e).problem();
        }
    }

    /// What is wrong with the JSON and where, without what Jackson says about its own settings.
    public static String describe(JsonProcessingException problem) {
        String message = problem.getOriginalMessage().replaceAll("\\[Source: [^;]*; ", "[");
        return problem.getLocation() == null ? message : message + " at byte " + problem.getLocation().getByteOffset();
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case MISSING, NULL -> "nothing";
            case OBJECT, BINARY, POJO -> node.getNodeType().toString();
        };
    }

    private static ModelFormatException.Problem problem(Path path, String place) {
        ModelFormatException.Problem problem = ModelFormatException.in(path).expected("a JSON object");
        return place.isEmpty() ? problem : problem.at(place);
    }
}
