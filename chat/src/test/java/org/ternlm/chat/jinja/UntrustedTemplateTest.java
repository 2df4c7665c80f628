package org.ternlm.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Templates that are damaged, or mean no good.
class UntrustedTemplateTest {
    private static final LocalDateTime NOW = LocalDateTime.of(2025, 7, 10, 12, 0);

    private static String render(String template) {
        return JinjaTemplate.parse(template).render(Map.of("list", List.of(1, 2), "word", "word"), RenderLimits.USUAL,
                NOW).text();
    }

    @ParameterizedTest
    @Timeout(30)
    @ValueSource(strings = {
            "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{% endfor %}{% endfor %}{% endfor %}",
            "{% for a in range(99999) %}{% for b in range(99999) %}{{ 'aaaa' in 'aaab' * 9999 }}{% endfor %}{% endfor %}",
            "{{ 'x' * 1000000000 }}", "{{ 'x' * 9223372036854775807 }}", "{{ [0] * 1000000000 }}",
            "{% set ns = namespace(a='x') %}{% for i in range(99) %}{% set ns.a = ns.a + ns.a %}{% endfor %}",
            "{% set ns = namespace(a=[1]) %}{% for i in range(99) %}{% set ns.a = ns.a + ns.a %}{% endfor %}",
            "{% for a in range(99999) %}{{ 'x' * 9999 }}{% endfor %}", "{{ range(1000000000) }}",
            "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
            "{% set ns = namespace(a=1) %}{% for i in range(99999) %}{% set ns.a = [ns.a] %}{% endfor %}{{ ns.a }}",
            "{{ ('x' * 9999999) | replace('x', 'yyyyyyyyyyyyyyyy') }}",
            "{% for a in range(99999) %}{{ ('x' * 9999999) | upper | length }}{% endfor %}",
            "{{ list | tojson(indent=99999999999) | length > 0 and 9 // 0 }}"})
    void endsWithinItsLimits(String template) {
        assertThatThrownBy(() -> render(template)).isInstanceOf(JinjaException.class)
                .hasMessageMatching("line 1: .*|the template is nested too deeply");
    }

    @Test
    void endsInTime() {
        JinjaTemplate slow = JinjaTemplate.parse("{% for a in range(99999) %}{{ a }}{% endfor %}");
        assertThatThrownBy(
                () -> slow.render(Map.of(), new RenderLimits(9_999_999, 9_999_999, Duration.ofNanos(1)), NOW))
                .isInstanceOf(JinjaException.class).hasMessageContaining("takes longer than 0 seconds");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "-", "not ", "{1: ", "1 if ", "x(", "x[", "1 + ", "x | default(", "x.y", "'a' ~ ",
            "x is eq "})
    void survivesDepth(String part) {
        String deep = part.repeat(100_000);
        assertThatThrownBy(() -> render("{{ " + deep + " }}")).isInstanceOf(JinjaException.class);
        assertThatThrownBy(() -> render("{{ word" + part.replace("x", "") + " }}" + "{% if word %}".repeat(50_000)))
                .isInstanceOf(JinjaException.class);
    }

    @Test
    void survivesChains() {
        for (String part : List.of(".x", " + word", "[0]", " | trim", "()", " ~ word", " is defined")) {
            try {
                render("{{ word" + part.repeat(100_000) + " }}");
            } catch (JinjaException e) {
                assertThat(e.getMessage()).isNotEmpty().doesNotContain("\n");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{ word.getClass() }}", "{{ word.class.name }}", "{{ ''.__class__.__mro__ }}",
            "{{ list.getClass().forName('java.lang.Runtime') }}", "{{ word.bytes[0] }}x{{ word.chars() }}",
            "{{ raise_exception.call() }}", "{% import 'os' as os %}", "{% extends 'x' %}", "{{ self.x }}",
            "{{ list.append(3) }}", "{{ list.stream() }}", "{{ lipsum.__globals__ }}"})
    void reachesNothingOfJava(String template) {
        assertThatThrownBy(() -> render(template)).isInstanceOf(JinjaException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{", "{%", "{#", "{{ 'a", "{{ \"\\u12\" }}", "{% raw %}", "{% if %}{% endif %}",
            "{% for %}",
            "{% set %}", "{% set x = %}", "{{ a b }}", "{{ ; }}", "{% endfor %}", "{% macro m( %}{% endmacro %}",
            "{% if a %}{% endfor %}", "{{ 99999999999999999999 }}", "{{ x[1:2:3:4] }}", "{% break %}", "{{ a | }}",
            "{% for x in y recursive %}{% endfor %}", "{{ \ud800 }}", "{% if a %}{% else %}{% else %}{% endif %}"})
    void damageIsAnErrorWithItsLine(String template) {
        assertThatThrownBy(() -> render("\n\n" + template)).isInstanceOf(JinjaException.class)
                .hasMessageMatching("(?s)(line 3: .*|break or continue outside of a loop)");
    }

    @Test
    void theLineIsThatOfTheStatement() {
        assertThatThrownBy(() -> render("a\n{# \n #}\n{% if word %}\n{{ word }}\n{{ word + 1 }}{% endif %}"))
                .hasMessage("line 6: + of a string and a number");
    }
}
