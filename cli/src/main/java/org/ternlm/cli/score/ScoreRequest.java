package org.ternlm.cli.score;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Set;
import java.util.TreeSet;
import org.ternlm.command.CommandException;

/// What one line asks for.
sealed interface ScoreRequest {
    /// `{"text":"…"}`: all tokens of a text.
    record Text(String text) implements ScoreRequest {}

    /// `{"context":"…","continuation":"…"}`: the tokens of the continuation alone.
    record Pair(String context, String continuation) implements ScoreRequest {}

    /// `{"tokens":[1,2,3]}`: tokens as they are.
    record Tokens(int[] tokens) implements ScoreRequest {}

    /// Reads a line.
    ///
    /// @throws CommandException if it is anything else
    static ScoreRequest parse(String line) {
        JsonNode node = Reading.object(line);
        Set<String> keys = new TreeSet<>();
        node.fieldNames().forEachRemaining(keys::add);
        if (keys.equals(Set.of("text"))) {
            return new Text(Reading.text(node, "text"));
        }
        if (keys.equals(Set.of("context", "continuation"))) {
            return new Pair(Reading.text(node, "context"), Reading.text(node, "continuation"));
        }
        if (keys.equals(Set.of("tokens"))) {
            return new Tokens(Reading.tokens(node.get("tokens")));
        }
        throw new CommandException("expected {\"text\"}, {\"context\",\"continuation\"} or {\"tokens\"}, found "
                + (keys.isEmpty() ? "an empty object" : "the keys " + String.join(", ", keys)));
    }

    /// From JSON to values.
    final class Reading {
        private static final JsonMapper JSON = JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

        private Reading() {}

        private static JsonNode object(String line) {
            try {
                JsonNode node = JSON.readTree(line);
                if (node.isObject()) {
                    return node;
                }
                throw new CommandException("expected a JSON object, found " + node.getNodeType());
            } catch (JsonProcessingException e) {
                String place = e.getLocation() == null ? "" : " at column " + e.getLocation().getColumnNr();
                throw new CommandException("expected a JSON object, found " + e.getOriginalMessage() + place, null, e);
            }
        }

        private static String text(JsonNode node, String key) {
            JsonNode value = node.get(key);
            if (!value.isTextual()) {
                throw new CommandException("%s: expected a string, found %s".formatted(key, value.getNodeType()));
            }
            return value.textValue();
        }

        private static int[] tokens(JsonNode list) {
            if (!list.isArray()) {
                throw new CommandException("tokens: expected a list of token ids, found " + list.getNodeType());
            }
            int[] tokens = new int[list.size()];
            for (int i = 0; i < tokens.length; i++) {
                JsonNode value = list.get(i);
                if (!value.isIntegralNumber() || !value.canConvertToInt()) {
                    throw new CommandException("tokens[%d]: expected a token id, found %s".formatted(i, value));
                }
                tokens[i] = value.intValue();
            }
            return tokens;
        }
    }
}
