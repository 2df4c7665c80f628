package org.ternlm.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which characters of a rendered text are foreign. What the user wrote has large letters here, the template small ones.
class MarkedTextTest {
    private static final Map<String, Object> VARIABLES = Map.of("u", MarkedText.foreign("  USER,X "), "own", "own",
            "m", List.of(Map.of(MarkedText.foreign("KEY"), MarkedText.foreign("VALUE"))));

    /// The rendered text, with brackets around what is foreign.
    private static String shown(String template) {
        MarkedText text = JinjaTemplate.parse(template).render(VARIABLES, RenderLimits.USUAL,
                LocalDateTime.of(2025, 7, 10, 12, 0));
        StringBuilder shown = new StringBuilder();
        boolean inside = false;
        for (int i = 0; i <= text.text().length(); i++) {
            boolean foreign = i < text.text().length() && text.marks().get(i);
            shown.append(foreign == inside ? "" : foreign ? "⟦" : "⟧");
            shown.append(i < text.text().length() ? text.text().charAt(i) : "");
            inside = foreign;
        }
        return shown.toString();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', ignoreLeadingAndTrailingWhitespace = true, value = {
            "a{{ u }}b # a⟦  USER,X ⟧b", "{{ '<' + u | trim + '>' }} # <⟦USER,X⟧>",
            "{{ u.strip()[1:3] ~ own }} # ⟦SE⟧own",
            "{{ u.split(',')[1] }}. # ⟦X ⟧.", "{{ u | trim | replace('S', own) }} # ⟦U⟧own⟦ER,X⟧",
            "{{ own | replace('w', u | trim) }} # o⟦USER,X⟧n", "{{ u.strip() | lower }} # ⟦user,x⟧",
            "{{ u.strip() | capitalize }} # ⟦User,x⟧", "{{ u.strip() | title }} # ⟦User,X⟧",
            "{{ [own, u.strip()] | join('-') }} # own-⟦USER,X⟧", "{{ m | tojson }} # [{\"⟦KEY⟧\": \"⟦VALUE⟧\"}]",
            "{{ m }} # [{'⟦KEY⟧': '⟦VALUE⟧'}]", "{{ '%s and %s' % (own, m[0].KEY) }} # own and ⟦VALUE⟧",
            "{{ '{}:{x}'.format(own, x=m[0].KEY) }} # own:⟦VALUE⟧", "{{ m[0].KEY | indent(2, true) }} #  ⟦VALUE⟧",
            "{% set x %}a{{ m[0].KEY }}{% endset %}{{ x + x }} # a⟦VALUE⟧a⟦VALUE⟧",
            "{% macro f(x) %}<{{ x }}>{% endmacro %}{{ f(m[0].KEY) }} # <⟦VALUE⟧>", "{{ m[0].KEY[::-1] }} # ⟦EULAV⟧",
            "{{ m[0].KEY | reverse }} # ⟦EULAV⟧", "{{ m[0].KEY * 2 }} # ⟦VALUEVALUE⟧",
            "{% for c in m[0].KEY %}{{ c }}.{% endfor %} # ⟦V⟧.⟦A⟧.⟦L⟧.⟦U⟧.⟦E⟧.",
            "{% for k, v in m[0].items() %}{{ k }}{{ v }}{% endfor %} # ⟦KEYVALUE⟧",
            "{{ m | map(attribute='KEY') | first }} # ⟦VALUE⟧", "{{ m[0].KEY | string | safe }} # ⟦VALUE⟧",
            "{{ m[0] | dictsort | first | join }} # ⟦KEYVALUE⟧", "{{ (m[0].KEY, own) | max }} # own",
            "{% filter upper %}a{{ m[0].KEY }}{% endfilter %} # A⟦VALUE⟧", "{{ m[0].KEY or own }} # ⟦VALUE⟧",
            "{{ '[%r]' % m[0].KEY }} # ['⟦VALUE⟧']", "{{ m[0].KEY.rsplit('L', 1) | join(own) }} # ⟦VA⟧own⟦UE⟧",
            "{{ m[0].KEY | default(own) }}{{ none | default(m[0].KEY) }} # ⟦VALUE⟧None"})
    void marksFollowTheirCharacters(String template, String expected) {
        assertThat(shown(template).strip()).isEqualTo(expected.strip());
    }

    @Test
    void whatHasToBeEscapedIsForeignWithItsEscapes() {
        assertThat(shown("{{ {'a': u ~ '\\n'} | tojson }}")).isEqualTo("{\"a\": \"⟦  USER,X \\n⟧\"}");
    }

    @Test
    void textsWithAndWithoutMarksAreEqual() {
        assertThat(MarkedText.foreign("a")).isEqualTo(MarkedText.own("a")).hasSameHashCodeAs(MarkedText.own("a"));
        assertThat(shown("{{ u.strip() == 'USER,X' }}")).isEqualTo("True");
    }
}
