package org.ternlm.chat.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ternlm.chat.schema.Documents.accepts;
import static org.ternlm.chat.schema.Documents.grammar;
import static org.ternlm.chat.schema.Documents.json;

import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What each keyword accepts, document by document.
class JsonGrammarTest {
    /// The accepted ones must be valid for a schema library too, and the others of `wrong` invalid or not be JSON.
    private static void check(String schema, List<String> right, List<String> wrong) {
        JsonGrammar grammar = grammar(schema);
        for (String document : right) {
            assertThat(Documents.faults(json(schema), document)).as("%s for %s", document, schema).isEmpty();
            assertThat(accepts(grammar, document)).as("%s for %s", document, schema).isTrue();
        }
        for (String document : wrong) {
            assertThat(accepts(grammar, document)).as("%s for %s", document, schema).isFalse();
        }
    }

    @Test
    void types() {
        check("{'type':'null'}".replace('\'', '"'), List.of("null"), List.of("nul", "nulll", "true", "\"null\"", ""));
        check("{\"type\":\"boolean\"}", List.of("true", "false"), List.of("True", "0", "null"));
        check("{\"type\":\"integer\"}", List.of("0", "-1", "42", "999999999999999999"),
                List.of("-0", "01", "1.0", "1e3", "+1", "-", "1000000000000000000", "\"1\""));
        check("{\"type\":\"number\"}", List.of("0", "-0.5", "1e5", "1.25E-7", "-12.0", "3e+10"),
                List.of(".5", "1.", "1e", "00", "1e100", "NaN", "- 1"));
        check("{\"type\":\"string\"}", List.of("\"\"", "\"a b\"", "\"ü€😀\"", "\"\\n\\u00e9\\\"\\\\\\/\""),
                List.of("a", "\"", "\"a", "'a'", "\"a\"b", " \"a\"", "\"a\" "));
        check("{\"type\":\"array\"}", List.of("[]", "[1,\"a\",null,[[]],{\"a\":1}]", "[1, 2]", "[\n  1,\n  2\n]"),
                List.of("[", "[1", "[1,]", "[,1]", "[1 ,2]", "[  1]", "[]]"));
        check("{\"type\":\"object\"}", List.of("{}", "{\"a\":1}", "{\"a\": {\"a\":[]}, \"b\":2}"),
                List.of("{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "{\"a\" :1}", "{\"a\":  1}", "[]"));
        check("{\"type\":[\"string\",\"null\"]}", List.of("null", "\"null\""), List.of("0", "[]"));
        check("true", List.of("1", "\"a\"", "[{}]", "null"), List.of("", "x"));
        check("{}", List.of("1", "\"a\"", "[{}]", "false"), List.of("", "x"));
    }

    @Test
    void stringsAreValidUtf8WithValidEscapes() {
        JsonGrammar grammar = grammar("{\"type\":\"string\"}");
        for (String escape : List.of("\\u0000", "\\uD83D\\uDE00", "\\ud83d\\ude00", "\\uE000", "\\b\\f\\t\\r")) {
            assertThat(accepts(grammar, '"' + escape + '"')).as(escape).isTrue();
        }
        for (String escape : List.of("\\u12", "\\uD83D", "\\uDE00", "\\uD83D\\n", "\\uD83D\\u0041", "\\x", "\\'", "\n",
                "\t", "\u0001", "\\uDC00\\uD800")) {
            assertThat(accepts(grammar, '"' + escape + '"')).as(escape).isFalse();
        }
        int[][] invalid = {{0x80}, {0xC0, 0x80}, {0xC1, 0xBF}, {0xE0, 0x9F, 0xBF}, {0xED, 0xA0, 0x80},
                {0xF0, 0x8F, 0xBF,
                        0xBF},
                {0xF4, 0x90, 0x80, 0x80}, {0xF5, 0x80, 0x80, 0x80}, {0xE2, 0x82}, {0xC3}, {0xFF}};
        for (int[] bytes : invalid) {
            assertThat(accepts(grammar, quoted(bytes))).as("%s", (Object) bytes).isFalse();
        }
        int[][] valid = {{0xC2, 0x80}, {0xE0, 0xA0, 0x80}, {0xED, 0x9F, 0xBF}, {0xEE, 0x80, 0x80}, {0xF0, 0x90, 0x80,
                0x80}, {0xF4, 0x8F, 0xBF, 0xBF}, {0x7F}};
        for (int[] bytes : valid) {
            assertThat(accepts(grammar, quoted(bytes))).as("%s", (Object) bytes).isTrue();
        }
    }

    private static byte[] quoted(int[] bytes) {
        byte[] document = new byte[bytes.length + 2];
        document[0] = '"';
        for (int i = 0; i < bytes.length; i++) {
            document[i + 1] = (byte) bytes[i];
        }
        document[bytes.length + 1] = '"';
        return document;
    }

    @Test
    void lengthsCountCharacters() {
        check("{\"type\":\"string\",\"minLength\":2,\"maxLength\":3}",
                List.of("\"ab\"", "\"abc\"", "\"😀😀\"", "\"\\ud83d\\ude00\\n\"", "\"üüü\""),
                List.of("\"\"", "\"a\"", "\"abcd\"", "\"😀\"", "\"\\ud83d\\ude00\"", "\"\\n\\n\\n\\n\""));
        check("{\"type\":\"string\",\"maxLength\":0}", List.of("\"\""), List.of("\"a\"", "\"\\n\""));
        check("{\"type\":\"string\",\"minLength\":1}", List.of("\"a\"", "\"" + "a".repeat(5000) + "\""),
                List.of("\"\""));
        check("{\"minLength\":2}", List.of("\"ab\"", "1", "null"), List.of("\"a\""));
    }

    @Test
    void rangesOfIntegers() {
        check("{\"type\":\"integer\",\"minimum\":-12,\"maximum\":105}",
                List.of("-12", "-9", "0", "7", "99", "100", "105"),
                List.of("-13", "-20", "106", "110", "1000", "-0", "-100"));
        check("{\"type\":\"integer\",\"exclusiveMinimum\":0,\"exclusiveMaximum\":10}", List.of("1", "9"),
                List.of("0", "10", "-1"));
        check("{\"type\":\"integer\",\"minimum\":0.5,\"maximum\":2.5}", List.of("1", "2"), List.of("0", "3"));
        check("{\"type\":\"integer\",\"maximum\":-5}", List.of("-5", "-6", "-123456"), List.of("-4", "0", "5"));
        check("{\"type\":\"integer\",\"minimum\":1e300,\"maximum\":0}".replace("1e300", "-1e300"), List.of("-7", "0"),
                List.of("1"));
        for (int low = -25; low <= 25; low += 5) {
            for (int high = low; high <= 130; high += 13) {
                JsonGrammar grammar = grammar(
                        "{\"type\":\"integer\",\"minimum\":" + low + ",\"maximum\":" + high + "}");
                for (int i = -200; i <= 200; i++) {
                    assertThat(accepts(grammar, "" + i)).as("%d in %d to %d", i, low, high)
                            .isEqualTo(i >= low && i <= high);
                }
            }
        }
    }

    @Test
    void rangesOfNumbers() {
        check("{\"type\":\"number\",\"minimum\":0.25,\"maximum\":1.5}",
                List.of("0.25", "0.3", "0.2500", "1", "1.0", "1.5", "1.49999", "1.500"),
                List.of("0.2", "0.24999", "1.51", "1.5001", "2", "-1", "0", "1e0", "0."));
        check("{\"type\":\"number\",\"exclusiveMinimum\":0,\"exclusiveMaximum\":1}", List.of("0.1", "0.0001", "0.999"),
                List.of("0", "0.0", "0.000", "1", "1.0", "-0", "-0.0"));
        check("{\"type\":\"number\",\"minimum\":0}", List.of("0", "0.0", "17.25", "999999999999999999.5"),
                List.of("-0", "-1", "-0.5"));
        check("{\"type\":\"number\",\"maximum\":-2.5}", List.of("-2.5", "-2.6", "-3", "-1000"),
                List.of("-2.4", "-2", "0"));
        check("{\"type\":\"number\",\"minimum\":-1.5,\"exclusiveMaximum\":0.5}", List.of("-1.5", "-0.1", "0", "0.49"),
                List.of("0.5", "-1.51", "-0", "-2"));
    }

    @Test
    void boundsOfNumbersAreExact() {
        Random random = new Random(1);
        for (int i = 0; i < 150; i++) {
            BigDecimal low = BigDecimal.valueOf(random.nextInt(-3000, 3000), random.nextInt(4));
            BigDecimal high = low.add(BigDecimal.valueOf(random.nextInt(3000), random.nextInt(5)));
            boolean exclusive = random.nextBoolean();
            String schema = "{\"type\":\"number\",\"%s\":%s,\"%s\":%s}".formatted(
                    exclusive ? "exclusiveMinimum" : "minimum", low, exclusive ? "maximum" : "exclusiveMaximum", high);
            if (low.compareTo(high) == 0) {
                continue;
            }
            JsonGrammar grammar = grammar(schema);
            for (int j = 0; j < 200; j++) {
                BigDecimal number = (random.nextBoolean() ? low : high)
                        .add(BigDecimal.valueOf(random.nextInt(-20, 21), random.nextInt(6)));
                int toLow = number.compareTo(low);
                int toHigh = number.compareTo(high);
                assertThat(accepts(grammar, number.toPlainString())).as("%s in %s", number, schema)
                        .isEqualTo(exclusive ? toLow > 0 && toHigh <= 0 : toLow >= 0 && toHigh < 0);
            }
        }
    }

    @Test
    void fixedValues() {
        check("{\"enum\":[\"a\",\"ab\",1,12,null,true]}", List.of("\"a\"", "\"ab\"", "1", "12", "null", "true"),
                List.of("\"b\"", "2", "123", "false", "\"\\u0061\""));
        check("{\"const\":{\"a\":[1,\"x\"],\"b\":null}}", List.of("{\"a\":[1,\"x\"],\"b\":null}",
                "{\"a\": [1, \"x\"], \"b\": null}"), List.of("{}", "{\"a\":[1],\"b\":null}", "{\"a\":[1,\"x\"]}"));
        check("{\"type\":\"string\",\"enum\":[\"a\",1,\"\\\"\\n\"]}", List.of("\"a\"", "\"\\\"\\n\""), List.of("1"));
        check("{\"enum\":[1,2,3,4],\"minimum\":2,\"exclusiveMaximum\":4}", List.of("2", "3"), List.of("1", "4"));
        check("{\"const\":\"ü😀\"}", List.of("\"ü😀\""), List.of("\"u\""));
    }

    @Test
    void arrays() {
        check("{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"minItems\":2,\"maxItems\":3}",
                List.of("[1,2]", "[1,2,3]"), List.of("[]", "[1]", "[1,2,3,4]", "[1,\"a\"]"));
        check("{\"type\":\"array\",\"prefixItems\":[{\"type\":\"integer\"},{\"type\":\"string\"}],\"items\":{\"type\":\"null\"}}",
                List.of("[]", "[1]", "[1,\"a\"]", "[1,\"a\",null,null]"), List.of("[\"a\"]", "[1,2]", "[1,\"a\",1]"));
        check("{\"type\":\"array\",\"prefixItems\":[{\"type\":\"integer\"}],\"items\":false,\"minItems\":1}",
                List.of("[1]"), List.of("[]", "[1,1]"));
        check("{\"type\":\"array\",\"prefixItems\":[{},false,{}]}", List.of("[]", "[1]"), List.of("[1,1]"));
        check("{\"type\":\"array\",\"prefixItems\":[{},{}],\"minItems\":3,\"maxItems\":4}",
                List.of("[1,1,1]", "[1,1,1,1]"), List.of("[1,1]", "[1,1,1,1,1]"));
        check("{\"type\":\"array\",\"maxItems\":0}", List.of("[]"), List.of("[1]"));
        check("{\"type\":\"array\",\"items\":{\"type\":\"null\"},\"minItems\":3}",
                List.of("[null,null,null]", "[" + "null,".repeat(50) + "null]"), List.of("[null,null]"));
    }

    @Test
    void objects() {
        String schema = "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{\"type\":\"string\"},"
                + "\"c\":{}},\"required\":[\"b\"],\"additionalProperties\":%s}";
        check(schema.formatted("false"),
                List.of("{\"b\":\"\"}", "{\"a\":1,\"b\":\"\"}", "{\"a\":1,\"b\":\"\",\"c\":[]}",
                        "{\"b\":\"\",\"c\":1}", "{ \"b\": \"\"\n}"),
                List.of("{}", "{\"a\":1}", "{\"b\":1}", "{\"b\":\"\",\"a\":1}", "{\"b\":\"\",\"d\":1}",
                        "{\"b\":\"\",\"b\":\"\"}", "{\"b\":\"\",}", "{\"c\":1,\"b\":\"\"}"));
        check(schema.formatted("{\"type\":\"null\"}"), List.of("{\"b\":\"\",\"d\":null,\"e\":null}",
                "{\"b\":\"\",\"c\":1,\"\":null,\"bb\":null}"),
                List.of("{\"b\":\"\",\"d\":1}", "{\"d\":null,\"b\":\"\"}", "{\"b\":\"\",\"d\":null,\"d\":null}",
                        "{\"b\":\"\",\"d\":null,\"\\u0064\":null}", "{\"b\":\"\",\"b\":null}",
                        "{\"b\":\"\",\"a\":null}", "{\"b\":\"\",\"d\":null,\"c\":null}"));
        check("{\"type\":\"object\",\"required\":[\"x\",\"y\"]}",
                List.of("{\"x\":1,\"y\":2}", "{\"x\":1,\"y\":2,\"z\":3}"),
                List.of("{}", "{\"x\":1}", "{\"y\":1}"));
        check("{\"type\":\"object\",\"properties\":{\"a\":false},\"additionalProperties\":{\"type\":\"null\"}}",
                List.of("{}", "{\"b\":null}"), List.of("{\"a\":null}"));
    }

    @Test
    void combinations() {
        check("{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"object\",\"properties\":{\"a\":{\"const\":1}},"
                + "\"required\":[\"a\"]}]}", List.of("3", "{\"a\":1}"), List.of("{}", "\"a\""));
        check("{\"anyOf\":[{\"type\":\"array\",\"items\":{\"type\":\"integer\"}},"
                + "{\"type\":\"array\",\"items\":{\"type\":[\"integer\",\"string\"]},\"maxItems\":2}]}",
                List.of("[1,2,3]", "[1,\"a\"]"), List.of("[1,\"a\",1]"));
        check("{\"oneOf\":[{\"type\":\"string\",\"maxLength\":2},{\"type\":\"string\",\"minLength\":4},{\"type\":\"null\"}]}",
                List.of("\"ab\"", "\"abcd\"", "null"), List.of("\"abc\""));
        check("{\"type\":\"string\",\"oneOf\":[{\"maxLength\":1},{\"minLength\":3}]}", List.of("\"\"", "\"abc\""),
                List.of("\"ab\"", "1"));
        check("{\"oneOf\":[{\"properties\":{\"k\":{\"const\":\"a\"},\"v\":{\"type\":\"integer\"}},\"required\":[\"k\"],"
                + "\"type\":\"object\"},{\"properties\":{\"k\":{\"const\":\"b\"}},\"required\":[\"k\"],\"type\":\"object\"}]}",
                List.of("{\"k\":\"a\",\"v\":1}", "{\"k\":\"b\",\"v\":\"\"}"),
                List.of("{\"k\":\"a\",\"v\":\"\"}", "{}"));
        check("{\"allOf\":[{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"]},"
                + "{\"properties\":{\"b\":{},\"a\":{\"minimum\":5}},\"required\":[\"b\"]}]}",
                List.of("{\"a\":5,\"b\":1}"), List.of("{\"a\":4,\"b\":1}", "{\"a\":5}", "{\"b\":1}"));
        check("{\"allOf\":[{\"pattern\":\"^a\"},{\"pattern\":\"b$\"},{\"type\":\"string\",\"maxLength\":3}]}",
                List.of("\"ab\"", "\"axb\""), List.of("\"a\"", "\"b\"", "\"axxb\"", "1"));
        check("{\"type\":\"object\",\"properties\":{\"a\":{}},\"additionalProperties\":false,"
                + "\"anyOf\":[{\"required\":[\"a\"]},{\"required\":[]}]}", List.of("{}", "{\"a\":1}"),
                List.of("{\"b\":1}"));
    }

    @Test
    void references() {
        String tree = "{\"$defs\":{\"tree\":{\"type\":\"object\",\"properties\":{\"v\":{\"type\":\"integer\"},"
                + "\"c\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/tree\"}}},\"required\":[\"v\"],"
                + "\"additionalProperties\":false}},\"$ref\":\"#/$defs/tree\"}";
        check(tree, List.of("{\"v\":1}", "{\"v\":1,\"c\":[{\"v\":2,\"c\":[]},{\"v\":3}]}"),
                List.of("{\"c\":[]}", "{\"v\":1,\"c\":[1]}", "{\"v\":1,\"c\":[{\"v\":2}}"));
        check("{\"definitions\":{\"a/b~\":{\"type\":\"null\"}},\"properties\":{\"x\":{\"$ref\":\"#/definitions/a~1b~0\"}},"
                + "\"type\":\"object\",\"additionalProperties\":false}", List.of("{\"x\":null}", "{}"),
                List.of("{\"x\":1}"));
        check("{\"type\":[\"array\",\"null\"],\"items\":{\"$ref\":\"#\"}}", List.of("null", "[[],null,[[[]]]]"),
                List.of("[1]"));
        check("{\"type\":\"object\",\"properties\":{\"next\":{\"anyOf\":[{\"$ref\":\"#\"},{\"type\":\"null\"}]}},"
                + "\"required\":[\"next\"],\"additionalProperties\":false}",
                List.of("{\"next\":null}", "{\"next\":{\"next\":{\"next\":null}}}"), List.of("{}", "{\"next\":{}}"));
    }

    @Test
    void nestingMayBeDeep() {
        JsonGrammar grammar = grammar("{\"anyOf\":[{\"$ref\":\"#/$defs/a\"},{\"$ref\":\"#/$defs/b\"}],\"$defs\":{"
                + "\"a\":{\"type\":\"array\",\"items\":{\"anyOf\":[{\"$ref\":\"#/$defs/a\"},{\"$ref\":\"#/$defs/b\"}]}},"
                + "\"b\":{\"type\":\"array\",\"maxItems\":3,\"items\":{\"anyOf\":[{\"$ref\":\"#/$defs/b\"},"
                + "{\"$ref\":\"#/$defs/a\"}]}}}}");
        Places places = grammar.start();
        for (int i = 0; i < 20_000; i++) {
            places = places.step('[');
            assertThat(places.list().size()).isLessThan(20);
        }
        for (int i = 0; i < 20_000; i++) {
            assertThat(places.complete()).isFalse();
            places = places.step(']');
        }
        assertThat(places.complete()).isTrue();
    }

    @Test
    void textAroundAndSeveralGrammars() {
        JsonGrammar number = grammar("{\"type\":\"integer\"}");
        JsonGrammar tagged = number.between("<n>\n", "</n>");
        assertThat(accepts(tagged, "<n>\n12</n>")).isTrue();
        assertThat(accepts(tagged, "12")).isFalse();
        assertThat(accepts(tagged, "<n>\n12</n")).isFalse();
        JsonGrammar either = JsonGrammar.anyOf(List.of(tagged, JsonGrammar.anyObject().between("<n>{", "}")));
        assertThat(accepts(either, "<n>\n12</n>")).isTrue();
        assertThat(accepts(either, "<n>{{\"a\":1}}")).isTrue();
        assertThat(accepts(either, "<n>{12}")).isFalse();
        assertThat(accepts(either.between("", "!"), "<n>{{}}!")).isTrue();
        assertThat(accepts(JsonGrammar.anyObject(), "{\"a\": [1, 2.5e3, {\"b\": null}]}")).isTrue();
        assertThat(accepts(JsonGrammar.anyObject(), "[]")).isFalse();
    }

    @Test
    void whiteSpaceIsBounded() {
        JsonGrammar grammar = JsonGrammar.anyObject();
        assertThat(accepts(grammar, "{\n" + " ".repeat(32) + "\"a\": 1,\n\t\t\"b\":1\n}")).isTrue();
        for (String document : List.of("{\n" + " ".repeat(33) + "}", "{\n\n}", "{ \n}", "{}\n", "\n{}", "{\"a\":\n1}",
                "{\n" + "\t".repeat(9) + "}", "{\r\n}", "{\n \t}")) {
            assertThat(accepts(grammar, document)).as(document).isFalse();
        }
    }
}
