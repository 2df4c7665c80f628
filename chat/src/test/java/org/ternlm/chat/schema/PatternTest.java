package org.ternlm.chat.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Patterns against the regular expressions of the JDK, and formats by examples.
class PatternTest {
    private static final List<String> PATTERNS = List.of("^a*$", "a", "^a", "b$", "^(a|b)*c?$", "^a{2,3}b{0,1}$",
            "^[^ab]+$",
            "a|^b", "^(?:ab|ba){2}$", "^a+?b*?$", "^[a-b\\-]$", "[b-]c", "^(a(b(c)?)?)?$", "", "^$", "\\d+\\.\\d",
            "^\\W\\D$", "^[\\w.]{3}$", "^\\x61\\u0062$", "\\\\", "\\.a", "^[.]$", "^(a{3}|b{2,})$", "^[^\\d\\W]$", "]",
            "}");

    private static JsonGrammar grammar(String keyword, String value) {
        return JsonGrammar.of(Documents.JSON.createObjectNode().put("type", "string").put(keyword, value));
    }

    @Test
    void acceptsWhatTheJdkFinds() {
        Random random = new Random(1);
        for (String pattern : PATTERNS) {
            Pattern jdk = Pattern.compile(pattern);
            JsonGrammar grammar = grammar("pattern", pattern);
            int found = 0;
            for (int i = 0; i < 1500; i++) {
                StringBuilder text = new StringBuilder();
                for (int j = random.nextInt(6); j > 0; j--) {
                    text.append("abc-.1 ü\\]}".charAt(random.nextInt(i % 2 == 0 ? 2 : 11)));
                }
                boolean expected = jdk.matcher(text).find();
                found += expected ? 1 : 0;
                assertThat(Documents.accepts(grammar, TextNode.valueOf(text.toString()).toString()))
                        .as("'%s' in '%s'", pattern, text).isEqualTo(expected);
            }
            assertThat(found).as(pattern).isPositive();
        }
    }

    private static void checkFormat(String format, List<String> right, List<String> wrong) {
        JsonGrammar grammar = grammar("format", format);
        for (String text : right) {
            assertThat(Documents.accepts(grammar, '"' + text + '"')).as("%s %s", format, text).isTrue();
        }
        for (String text : wrong) {
            assertThat(Documents.accepts(grammar, '"' + text + '"')).as("%s %s", format, text).isFalse();
        }
    }

    @Test
    void formats() {
        checkFormat("date", List.of("2024-02-29", "2000-02-29", "2023-12-31", "2023-04-30", "0400-02-29"),
                List.of("2023-02-29", "1900-02-29", "2023-04-31", "2023-13-01", "2023-00-10", "2023-1-01", "23-01-01"));
        checkFormat("time", List.of("00:00:00Z", "23:59:59.5+01:30", "12:00:00-17:59"),
                List.of("24:00:00Z", "12:00Z", "12:00:00", "12:60:00Z", "12:00:60Z", "12:00:00.Z"));
        checkFormat("date-time", List.of("2024-02-29T00:00:00Z"),
                List.of("2023-02-29T00:00:00Z", "2024-02-29 00:00:00Z"));
        checkFormat("duration", List.of("P1Y", "P1Y2M3DT4H5M6S", "PT1S", "P3W", "P2M1D", "PT1H30M"),
                List.of("P", "PT", "P1", "P1YT", "P1S", "1Y", "P1W1D", "PT1H1S", "P1Y1D"));
        checkFormat("uuid", List.of("123e4567-E89B-12d3-a456-426614174000"),
                List.of("123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400g"));
        checkFormat("ipv4", List.of("0.0.0.0", "255.249.199.9"),
                List.of("256.0.0.0", "01.0.0.0", "1.2.3", "1.2.3.4.5"));
        checkFormat("ipv6", List.of("::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2::8", "fe80::1:2:3:4:5:6"),
                List.of(":", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "1:2:3:4:5:6:7::8", ":::"));
        checkFormat("hostname", List.of("a", "a-b.example", "x1.y2.z3"), List.of("", "-a", "a-", "a..b", "a_b", ".a"));
        checkFormat("email", List.of("a@b.cd", "jo.do+x@sub.example.org"),
                List.of("a", "a@b", "@b.cd", "a@.cd", "a.@b.cd", ".a@b.cd", "a b@c.de", "a@b.c1"));
    }
}
