package org.ternlm.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '#', value = {"a#true#a", "a\\#false#a", "a\\\\#true#a\\", "a\\\\\\#false#a\\",
            "a\\|b#true#a|b",
            "\"\"\"a\"\"\"#true#a", "\"\"\"a#false#a", "\"\"\"#false#''", "\"\"\"\"\"#false#\"\"",
            "\"\"\"|a|b|\"\"\"#true#a|b",
            "\"\"\"a\\|b\"\"\" #true#a\\|b", " \"\"\"||a||\"\"\"#true#|a|", "\"\"\"\"\"\"#true#''", "''#true#''",
            "a|b#true#a|b"})
    void isReadAsItIsMeant(String raw, boolean whole, String text) {
        String typed = raw.replace('|', '\n');
        assertThat(MessageText.isWhole(typed)).isEqualTo(whole);
        assertThat(MessageText.of(typed).replace('\n', '|')).isEqualTo(text);
    }
}
