package org.ternlm.tokenizer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ternlm.format.ModelFormatException;

/// A `tokenizer.json`, taken apart. Vocabulary and merges are nearly all of it, hundreds of thousands of values; they
/// go straight into a map and a list, the rest into a tree.
///
/// @param root everything else; `model.vocab` and `model.merges` stand here only where they have the wrong type, else
/// as null
/// @param pieces `model.vocab`, or null where that is no object
/// @param merges the two parts of each of `model.merges`, one after the other; null where that is no array
record TokenizerFile(JsonPlace root, @Nullable Map<String, Integer> pieces, @Nullable List<String> merges) {

    /// @throws ModelFormatException if it is no object, or an entry of the vocabulary or a merge is wrong
    /// @throws IOException if it is no JSON
    static TokenizerFile read(Path file, byte[] content, JsonMapper json) throws IOException {
        try (JsonParser parser = json.createParser(content)) {
            return new Parsing(file, parser).read();
        }
    }

    private static final class Parsing {
        private final JsonParser parser;
        private final ObjectNode root = JsonNodeFactory.instance.objectNode();
        private final ObjectNode model = JsonNodeFactory.instance.objectNode();
        private final JsonPlace rootPlace;
        private final JsonPlace modelPlace;
        private @Nullable Map<String, Integer> pieces;
        private @Nullable List<String> merges;

        private Parsing(Path file, JsonParser parser) {
            this.parser = parser;
            rootPlace = new JsonPlace(file, null, "the whole file", root);
            modelPlace = new JsonPlace(file, rootPlace, "model", model);
        }

        private TokenizerFile read() throws IOException {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw rootPlace.problem().expected("a JSON object")
                        .found(parser.currentToken() == null ? "nothing" : parser.currentToken()).problem();
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                if (parser.currentName().equals("model") && parser.nextToken() == JsonToken.START_OBJECT) {
                    put(rootPlace, "model", model);
                    readModel();
                } else {
                    keep(rootPlace);
                }
            }
            if (parser.nextToken() != null) {
                throw rootPlace.problem().expected("JSON").found("more behind its end").problem();
            }
            return new TokenizerFile(rootPlace, pieces, merges);
        }

        private void readModel() throws IOException {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("vocab") && value == JsonToken.START_OBJECT) {
                    put(modelPlace, name, NullNode.instance);
                    readPieces(new JsonPlace(modelPlace.file(), modelPlace, name, model));
                } else if (name.equals("merges") && value == JsonToken.START_ARRAY) {
                    put(modelPlace, name, NullNode.instance);
                    readMerges(new JsonPlace(modelPlace.file(), modelPlace, name, model));
                } else {
                    keep(modelPlace);
                }
            }
        }

        /// Keeps the value at or before which the parser stands as a tree.
        private void keep(JsonPlace object) throws IOException {
            String name = parser.currentName();
            if (parser.currentToken() == JsonToken.FIELD_NAME) {
                parser.nextToken();
            }
            put(object, name, parser.readValueAsTree());
        }

        private static void put(JsonPlace object, String name, JsonNode value) {
            if (((ObjectNode) object.node()).replace(name, value) != null) {
                throw object.get(name).problem().expected("each name once").found(name + " again").problem();
            }
        }

        private void readPieces(JsonPlace place) throws IOException {
            Map<String, Integer> map = new HashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String piece = parser.currentName();
                if (map.put(piece, id(place, piece)) != null) {
                    throw place.problem().expected("each piece once").found(piece + " again").problem();
                }
            }
            pieces = map;
        }

        private int id(JsonPlace pieces, String piece) throws IOException {
            boolean isInteger = parser.nextToken() == JsonToken.VALUE_NUMBER_INT
                    && parser.getNumberType() == JsonParser.NumberType.INT;
            if (isInteger && parser.getIntValue() >= 0 && parser.getIntValue() < Integer.MAX_VALUE) {
                return parser.getIntValue();
            }
            return new JsonPlace(pieces.file(), pieces, piece, parser.readValueAsTree()).count();
        }

        private void readMerges(JsonPlace place) throws IOException {
            List<String> parts = new ArrayList<>();
            JsonToken token = parser.nextToken();
            while (token != JsonToken.END_ARRAY) {
                boolean understood = token == JsonToken.VALUE_STRING
                        ? addSpaced(parser.getText(), parts)
                        : token == JsonToken.START_ARRAY && addPair(parts);
                if (!understood) {
                    throw new JsonPlace(place.file(), place, String.valueOf(parts.size() / 2), model).problem()
                            .expected("two pieces, in an array or with one space between them").problem();
                }
                token = parser.nextToken();
            }
            merges = parts;
        }

        private static boolean addSpaced(String text, List<String> parts) {
            int space = text.indexOf(' ');
            if (space < 0 || space != text.lastIndexOf(' ')) {
                return false;
            }
            parts.add(text.substring(0, space));
            parts.add(text.substring(space + 1));
            return true;
        }

        private boolean addPair(List<String> parts) throws IOException {
            String left = parser.nextTextValue();
            String right = left == null ? null : parser.nextTextValue();
            if (left == null || right == null || parser.nextToken() != JsonToken.END_ARRAY) {
                return false;
            }
            parts.add(left);
            parts.add(right);
            return true;
        }
    }
}
