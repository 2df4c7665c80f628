package org.ternlm.chat.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ternlm.chat.schema.Documents.grammar;

import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedSchemaTest {
    private static void assertRefused(String schema, String pointer, String message) {
        assertThatThrownBy(() -> grammar(schema)).as(schema).isInstanceOfSatisfying(UnsupportedSchemaException.class,
                e -> {
                    assertThat(e.pointer()).as(schema).isEqualTo(pointer);
                    assertThat(e).hasMessageContaining(message);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"not", "if", "then", "else", "dependentRequired", "dependentSchemas", "dependencies",
            "patternProperties", "unevaluatedProperties", "unevaluatedItems", "contains", "minContains", "uniqueItems",
            "propertyNames", "multipleOf", "minProperties", "maxProperties", "$dynamicRef", "contentEncoding",
            "additionalItems", "requird"})
    void keywordsThatCannotBeKeptTo(String keyword) {
        assertRefused("{\"properties\":{\"a/b\":{\"" + keyword + "\":{}}}}", "/properties/a~1b/" + keyword,
                "not supported");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"type\":\"strin\"} | /type | expected null, boolean",
            "{\"type\":5} | /type | expected a list",
            "{\"minLength\":-1} | /minLength | whole number",
            "{\"minLength\":1.5} | /minLength | whole number",
            "{\"maxItems\":\"1\"} | /maxItems | whole number",
            "{\"minLength\":2000000} | /minLength | less than",
            "{\"minimum\":\"1\"} | /minimum | a number",
            "{\"exclusiveMinimum\":true} | /exclusiveMinimum | a number",
            "{\"minimum\":1e99999} | /minimum | ordinary size",
            "{\"pattern\":5} | /pattern | a string",
            "{\"format\":\"iri\"} | /format | one of date, date-time",
            "{\"enum\":[]} | /enum | not empty",
            "{\"anyOf\":[]} | /anyOf | not empty",
            "{\"anyOf\":{}} | /anyOf | not empty",
            "{\"anyOf\":[{},5]} | /anyOf/1 | expected a schema",
            "{\"properties\":[]} | /properties | an object",
            "{\"required\":\"a\"} | /required | list of strings",
            "{\"required\":[1]} | /required | list of strings",
            "{\"items\":[{}]} | /items | prefixItems",
            "{\"$ref\":\"other.json\"} | /$ref | a place in this schema",
            "{\"$ref\":\"#name\"} | /$ref | a place in this schema",
            "{\"$ref\":\"#/$defs/x\"} | /$ref | a place that exists",
            "{\"$ref\":\"#\"} |  | refers to itself",
            "{\"anyOf\":[{\"$ref\":\"#/anyOf/1\"},{\"$ref\":\"#/anyOf/0\"}]} | /anyOf/0 | refers to itself",
            "{\"items\":{\"$id\":\"x\"}} | /items/$id | names of their own",
            "{\"const\":\"\\ud800\"} | /const | surrogate",
            "{\"properties\":{\"\\ud800\":{}}} | /properties | surrogate",
            "{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"number\"}]} | /oneOf | alternatives 0 and 1",
            "{\"oneOf\":[{\"format\":\"email\"},{\"const\":\"\\\"a b\\\"@c.de\"}]} | /oneOf | alternatives 0 and 1",
            "{\"items\":{\"oneOf\":[{\"type\":\"object\",\"required\":[\"a\"]},{\"type\":\"object\",\"required\":[\"b\"]}]}}"
                    + " | /items/oneOf | alternatives 0 and 1",
            "5 |  | expected a schema",
            "{\"pattern\":\"(?=a)\"} | /pattern | looks around",
            "{\"pattern\":\"(a)\\\\1\"} | /pattern | \\1",
            "{\"pattern\":\"\\\\bx\"} | /pattern | \\b",
            "{\"pattern\":\"a^\"} | /pattern | middle",
            "{\"pattern\":\"(a$)\"} | /pattern | middle",
            "{\"pattern\":\"(a\"} | /pattern | without its end",
            "{\"pattern\":\"[a\"} | /pattern | without its end",
            "{\"pattern\":\"a)\"} | /pattern | unmatched",
            "{\"pattern\":\"a{1001}\"} | /pattern | 1000 repetitions",
            "{\"pattern\":\"a++\"} | /pattern | repetition of a repetition",
            "{\"pattern\":\"*a\"} | /pattern | repetition of nothing",
            "{\"pattern\":\"[z-a]\"} | /pattern | in order",
            "{\"pattern\":\"\\\\p{L}\"} | /pattern | \\p",
            "{\"pattern\":\"((a{0,1000}){0,1000}){0,1000}\"} | /pattern | too large",
    })
    void whatIsWrongIsNamedWithItsPlace(String schema, String pointer, String message) {
        assertRefused(schema, pointer == null ? "" : pointer, message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "{\"type\":\"integer\",\"minimum\":2,\"maximum\":1}",
            "{\"type\":\"integer\",\"exclusiveMinimum\":1,\"exclusiveMaximum\":2}",
            "{\"type\":\"string\",\"minLength\":2,\"maxLength\":1}", "{\"type\":\"string\",\"const\":1}",
            "{\"type\":\"object\",\"properties\":{\"a\":false},\"required\":[\"a\"]}",
            "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"a\"]}",
            "{\"type\":\"array\",\"items\":false,\"minItems\":1}",
            "{\"allOf\":[{\"type\":\"null\"},{\"type\":\"string\"}]}",
            "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#\"}},\"required\":[\"a\"]}",
            "{\"type\":\"string\",\"pattern\":\"^a$\",\"minLength\":2}",
            "{\"type\":\"number\",\"minimum\":1e200}", "{\"type\":[]}"})
    void schemasThatNothingSatisfies(String schema) {
        assertRefused(schema, "", "no value");
    }

    @Test
    void schemasThatAreTooLarge() {
        assertRefused("[".repeat(200) + "]".repeat(200), "/0".repeat(100), "at most 100 levels");
        String many = IntStream.range(0, 20_000).mapToObj(Integer::toString).collect(Collectors.joining(","));
        assertRefused("{\"default\":[" + many + "]}", "", "at most 20000 JSON values");
        String values = IntStream.range(0, 1001).mapToObj(Integer::toString).collect(Collectors.joining(","));
        assertRefused("{\"enum\":[" + values + "]}", "/enum", "at most 1000 values, found 1001");
    }

    private static void assertRefusedSoon(String schema) {
        assertThatThrownBy(() -> grammar(schema)).isInstanceOf(UnsupportedSchemaException.class);
    }

    private static String many(int count, IntFunction<String> make) {
        return IntStream.range(0, count).mapToObj(make).collect(Collectors.joining(","));
    }

    /// Schemas that would take long, or more memory than there is, if they were taken at their word.
    @Test
    @Timeout(60)
    void schemasThatMeanHarm() {
        String names = many(2000, i -> "\"p" + i + "\":true");
        assertRefusedSoon(
                "{\"$defs\":{\"a\":{\"type\":\"object\",\"properties\":{" + names + "}}},\"allOf\":[{\"anyOf\":["
                        + many(600, _ -> "{\"$ref\":\"#/$defs/a\"}") + "]},{\"anyOf\":["
                        + many(600, _ -> "{\"$ref\":\"#/$defs/a\"}") + "]}]}");
        assertRefusedSoon("{\"$defs\":{" + many(5000, i -> "\"d" + i + "\":{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}")
                + ",\"d5000\":{}},\"$ref\":\"#/$defs/d0\"}");
        String wide = "{\"type\":\"object\",\"required\":[" + many(100, i -> "\"p" + i + "\"") + "],\"properties\":{"
                + many(100, i -> "\"p" + i + "\":{\"$ref\":\"#/$defs/a\"}") + "}}";
        assertRefusedSoon(
                "{\"$defs\":{\"a\":{\"anyOf\":[{\"type\":\"null\"}," + wide + "]}},\"oneOf\":[" + wide + "," + wide
                        + "]}");
        assertRefusedSoon("{\"const\":\"" + "a".repeat(1_000_000) + "\"}");
        assertRefusedSoon("{\"properties\":{" + many(20, i -> '"' + "a".repeat(45_000) + i + "\":{}") + "}}");
        assertRefusedSoon(
                "{\"anyOf\":[" + many(300, i -> "{\"pattern\":\"^" + i + ".*x$\",\"type\":\"string\"}") + "]}");
        assertRefusedSoon(
                "{\"$defs\":{\"a\":{\"anyOf\":[" + many(190, i -> "{\"type\":\"array\",\"maxItems\":" + i + "}")
                        + "]}},\"type\":\"object\",\"properties\":{"
                        + many(5000, i -> "\"p" + i + "\":{\"$ref\":\"#/$defs/a\"}") + "}}");
        assertRefusedSoon("{\"minimum\":1e999999999}");
        assertRefusedSoon("{\"minLength\":1e999999999}");
        assertRefusedSoon("{\"type\":\"integer\",\"const\":-1e-999999999}");
    }

    @Test
    @Timeout(60)
    void schemasThatWouldMultiply() {
        String three = "{\"anyOf\":[{\"pattern\":\"a\"},{\"pattern\":\"b\"},{\"pattern\":\"c\"}]}";
        assertThatThrownBy(() -> grammar("{\"allOf\":[" + (three + ",").repeat(12) + three + "]}"))
                .isInstanceOf(UnsupportedSchemaException.class);
        String patterns = IntStream.range(0, 3000).mapToObj(i -> "{\"pattern\":\"^[a-z]{900}" + i + "$\"}")
                .collect(Collectors.joining(","));
        assertThatThrownBy(() -> grammar("{\"anyOf\":[" + patterns + "]}"))
                .isInstanceOf(UnsupportedSchemaException.class).hasMessageContaining("too much work");
        String objects = IntStream.range(0, 900)
                .mapToObj(i -> "{\"type\":\"object\",\"properties\":{\"p" + i + "\":{\"type\":\"string\"}}}")
                .collect(Collectors.joining(","));
        assertThatThrownBy(() -> grammar("{\"allOf\":[{\"anyOf\":[" + objects + "]},{\"anyOf\":[" + objects + "]}]}"))
                .isInstanceOf(UnsupportedSchemaException.class);
        String exponential = IntStream.range(0, 1)
                .mapToObj(_ -> "{\"pattern\":\"^[ab]*a[ab]{18}$\"}").collect(Collectors.joining());
        assertRefused(exponential, "/pattern", "too large");
    }
}
