package org.ternlm.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Pieces of the language against what Python's Jinja makes of them (`oracle.py` beside the resources).
class SnippetsTest {
    private static final LocalDateTime NOON = LocalDateTime.of(2025, 7, 10, 12, 5);
    private static final JsonMapper JSON = new JsonMapper();

    private static JsonNode resource(String name) {
        try (InputStream in = Objects.requireNonNull(
                SnippetsTest.class.getResourceAsStream("/org/ternlm/chat/templates/" + name))) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<JsonNode> snippets() {
        return StreamSupport.stream(resource("expected.json").get("snippets").spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void givesWhatPythonGives(JsonNode snippet) {
        Map<String, @Nullable Object> variables = JSON.convertValue(resource("snippets.json").get("variables"),
                new TypeReference<>() {
                });
        assertThat(rendered(snippet.get("template").textValue(), variables)).isEqualTo(expected(snippet));
        // Where the texts come from makes no difference to what is written.
        assertThat(rendered(snippet.get("template").textValue(), foreign(variables))).isEqualTo(expected(snippet));
    }

    private static String expected(JsonNode snippet) {
        return snippet.has("text")
                ? snippet.get("text").textValue()
                : snippet.has("refused") ? "refused: " + snippet.get("refused").textValue() : "fails";
    }

    private static String rendered(String template, Map<String, @Nullable Object> variables) {
        try {
            return JinjaTemplate.parse(template).render(variables, RenderLimits.USUAL, NOON).text();
        } catch (JinjaException e) {
            return e.isRaised() ? "refused: " + e.getMessage() : "fails";
        }
    }

    private static Map<String, @Nullable Object> foreign(Map<String, @Nullable Object> variables) {
        Map<String, @Nullable Object> marked = new LinkedHashMap<>();
        variables.forEach((name, value) -> marked.put(name, foreign(value)));
        return marked;
    }

    private static @Nullable Object foreign(@Nullable Object value) {
        return switch (value) {
            case String text -> MarkedText.foreign(text);
            case List<?> list -> {
                List<@Nullable Object> marked = new ArrayList<>();
                list.forEach(element -> marked.add(foreign(element)));
                yield marked;
            }
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> marked = new LinkedHashMap<>();
                map.forEach((key, element) -> marked.put(key, foreign(element)));
                yield marked;
            }
            case null, default -> value;
        };
    }

    @Test
    void thereIsEnoughToCompare() {
        assertThat(snippets()).hasSizeGreaterThan(80).anyMatch(snippet -> snippet.has("fails"))
                .anyMatch(snippet -> snippet.has("refused"));
    }
}
