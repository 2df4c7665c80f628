package org.ternlm.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Templates with random damage: whatever stands in one, nothing but its own exception comes out, in one line.
class DamagedTemplateTest {
    private static final List<String> NAMES = List.of("llama-2", "llama-3.1", "qwen-3", "mistral", "phi-3", "falcon-3");
    private static final List<String> PARTS = List.of("{{", "}}", "{%", "%}", "{#", "#}", "-", "(", ")", "[", "]", "{",
            "}",
            "'", "\"", "|", ".", ",", ":", "=", "==", "+", "*", "**", "//", "%", "~", "<", " if ", " else ", " in ",
            " is ",
            " not ", "for x in ", "endfor", "set ", "none", "true", "1", "-1", "0", "9999999999", "1e400", "messages",
            "loop",
            "messages[::-1]", " | tojson", " | first", " | last", " | length", " | sort", " | join(', ')", " | int",
            " | float", " | round(3)", " | indent(2)", " | replace('a','b')", " | map(attribute='role')", " | dictsort",
            " | selectattr('role')", " | batch(2)", ".items()", ".split('a', 1)", ".rsplit(none, 1)", ".format(1)",
            " % 3", " % (1, 2)", "namespace(a=1)", "range(3)", "range(0, 9, 0)", "{% break %}", "{% raw %}", "\\u12",
            "\n",
            "é", "\ud83d", "[0]", "[-1]", "[1:2]", "loop.cycle()", "caller()", "dict(a=1)", "*[1, 2]", " | sum",
            " | max",
            "{% macro m(a, b=1) %}", "{% endmacro %}", "m(1)", "{% call m() %}", "strftime_now('%Y%')", " | string");

    private static String template(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                DamagedTemplateTest.class.getResourceAsStream("/org/ternlm/chat/templates/" + name + ".jinja"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String damaged(String template, Random random) {
        StringBuilder text = new StringBuilder(template);
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times && !text.isEmpty(); i++) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(at, PARTS.get(random.nextInt(PARTS.size())));
                case 2 -> text.replace(at, end, PARTS.get(random.nextInt(PARTS.size())));
                default -> text.insert(at, text.substring(at, end));
            }
        }
        return text.toString();
    }

    /// An expression of random pieces, most of them senseless.
    private static String expression(Random random) {
        StringBuilder text = new StringBuilder("{{ messages");
        for (int i = random.nextInt(8); i >= 0; i--) {
            text.append(PARTS.get(random.nextInt(PARTS.size())));
        }
        return text.append(" }}").toString();
    }

    private static int failures(int rounds, long seed) throws IOException {
        Random random = new Random(seed);
        RenderLimits limits = new RenderLimits(20_000, 200_000, Duration.ofSeconds(5));
        Map<String, Object> variables = Map.of("messages", List.of(Map.of("role", "user", "content",
                MarkedText.foreign("Hi <|x|> 1")), Map.of("role", "assistant", "content", MarkedText.foreign("Ho"))),
                "tools", List.of(Map.of("function", Map.of("name", "f", "parameters", Map.of("n", 1.5)))),
                "add_generation_prompt", true, "bos_token", "<s>", "eos_token", "</s>");
        List<String> templates = new ArrayList<>();
        for (String name : NAMES) {
            templates.add(template(name));
        }
        int failures = 0;
        for (int i = 0; i < rounds; i++) {
            String text = random.nextInt(3) == 0
                    ? expression(random)
                    : damaged(templates.get(random.nextInt(templates.size())), random);
            try {
                JinjaTemplate.parse(text).render(variables, limits, LocalDateTime.of(2025, 7, 10, 12, 0));
            } catch (JinjaException e) {
                failures++;
            } catch (RuntimeException | Error e) {
                fail("round " + i + ": " + text, e);
            }
        }
        return failures;
    }

    @Test
    void onlyItsOwnExceptionComesOut() throws IOException {
        assertThat(failures(4_000, 1)).isBetween(1_000, 3_900);
    }

    @Test
    @Tag("soak")
    void norAnyOtherInManyMore() throws IOException {
        assertThat(failures(500_000, 2)).isGreaterThan(100_000);
    }
}
