package org.ternlm.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopTextTest {
    /// What comes out after each part and at the end, with `|` where the stop string was found.
    private static String stream(List<String> stops, String... parts) {
        StopText text = new StopText(stops);
        StringBuilder out = new StringBuilder();
        for (String part : parts) {
            out.append('(').append(text.accept(part)).append(')');
        }
        return text.found() ? out.append('|').toString() : out.append(text.finish()).toString();
    }

    @Test
    void passesEverythingWithoutStopStrings() {
        assertThat(stream(List.of(), "a", "", "b\n")).isEqualTo("(a)()(b\n)");
    }

    @Test
    void holdsBackWhatCouldBecomeAStopString() {
        assertThat(stream(List.of("END"), "xE", "N", "D", "more")).isEqualTo("(x)()()()|");
        assertThat(stream(List.of("END"), "xE", "N", "Ey", "z")).isEqualTo("(x)()(ENEy)(z)");
        assertThat(stream(List.of("END"), "xEN")).isEqualTo("(x)EN");
        assertThat(stream(List.of("aab"), "a", "a", "a", "b")).isEqualTo("()()(a)()|");
    }

    @Test
    void endsBeforeTheFirstOfSeveral() {
        assertThat(stream(List.of("later", "now"), "it is now or later")).isEqualTo("(it is )|");
        assertThat(stream(List.of("bcd", "c"), "abcd")).isEqualTo("(a)|");
        assertThat(stream(List.of("abcx", "bc"), "ab", "cd")).isEqualTo("()(a)|");
    }

    @Test
    void findsOneThatStartsInTheFirstPart() {
        assertThat(stream(List.of("\n\n"), "\n", "\n")).isEqualTo("()()|");
        assertThat(stream(List.of("\n\n"), "\n", "a\n", "\nb")).isEqualTo("()(\na)()|");
    }
}
