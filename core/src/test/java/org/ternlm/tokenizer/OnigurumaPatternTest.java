package org.ternlm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Translated regular expressions against Oniguruma itself.
class OnigurumaPatternTest {
    private static final int TEXTS = 300;

    @TempDir
    Path scratch;

    private Path splitting(String expression, String behavior) throws IOException {
        return TestFolders.variant(TestFolders.BYTE_LEVEL, scratch, json -> {
            ObjectNode split = ((ObjectNode) json.at("/pre_tokenizer/pretokenizers/0"));
            split.put("behavior", behavior);
            ((ObjectNode) split.get("pattern")).put("Regex", expression);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {
            // cl100k, o200k, DeepSeek, Qwen 2, Falcon, GPT-2
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*"
                    + "|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+",
            "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
                    + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+"
                    + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}"
                    + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                    + "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                    + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            "[0-9][0-9][0-9]", "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            "[一-龥\u3040-ゟ゠-ヿ]+", "\\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿ]+|\\s+$", "\\s?[!-/:-~！-／：-～‘-‟\u3000-。]+",
            // what Java and Oniguruma read differently
            "^", "$", "^\\s*", "\\s*$", ".", ".+", "\\d+", "\\D", "\\w+", "\\W+", "[\\w ]+", "[^\\w]+", "\\S+",
            "[^\\S\\n]+",
            "(?i:k)", "(?i:x's)", "a{,2}", "a{2}", "a{1,2}?b", "{", "a{b}", "}", "x]", "[a\\]b-]+", "[-a]+", "[a-]+",
            "\\p{Han}+", "\\p{Hiragana}|\\p{Latin}+", "\\P{L}+", "\\p{^L}+", "[^\\p{^L}a]+", "\\x41|\\x{1F600}|\\u4E2D",
            "(?<=a)b|b(?=a)", "(?<!t)h", "(?>a+)b", "(ab)+", "(?:a|b)?c", "\\A.|.\\z", "a*", "a*?b?", "(?=a)", "|a",
            "\\t|\\v|\\f|\\e|\\a", "\\'|\\\"|\\-| \\<", "&+", "[&]+", "\\n+|\\r?\\n"})
    void splitsAsOnigurumaDoes(String expression) throws IOException {
        OracleComparison.compare(splitting(expression, "Isolated"), TEXTS);
        OracleComparison.compare(splitting(expression, "MergedWithPrevious"), TEXTS / 4);
    }

    /// Every character that Unicode 13 assigned, more or less: it must be in the class for both or for neither.
    @ParameterizedTest
    @ValueSource(strings = {"\\s", "\\d", "\\w", "\\W", "[\\w]", "[^\\w]", "[\\s]", "[^\\s]", "\\S", "[\\d]", "\\p{L}",
            "\\p{N}", "\\p{P}", "\\p{S}", "\\p{M}", "\\p{Lu}", "\\p{Ll}",
            "\\p{Lm}", "\\p{Lo}", "\\p{Z}", "\\p{Cc}", "\\p{Han}", ".", "(?i:s)", "(?i:k)", "(?i:i)", "(?i:z)"})
    void classesHoldWhatOnigurumaSaysTheyHold(String expression) throws IOException {
        Path folder = splitting(expression, "Removed");
        Tokenizer tokenizer = Tokenizer.load(folder);
        List<String> different = new ArrayList<>();
        try (Oracle oracle = new Oracle(folder)) {
            for (int c = 0; c < 0x30000; c++) {
                boolean comparable = Character.isDefined(c) && !(c >= 0xD800 && c <= 0xDFFF);
                String text = Character.toString(c);
                if (comparable
                        && (tokenizer.encode(text, false).length > 0) != (oracle.encode(text, false).length > 0)) {
                    different.add("%X".formatted(c));
                }
            }
        }
        assertThat(different).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', value = {"( ~ expected )", ") ~ unmatched", "[a ~ unexpected end", "[] ~ empty set",
            "\\ ~ unexpected end", "* ~ nothing to repeat", "a** ~ second quantifier", "a{2}? ~ {n}?",
            "a{1,2}+ ~ second quantifier", "a{1001} ~ more than 1000", "(a+)+ ~ repeating a group",
            "(a|aa)* ~ repeating a group", "^* ~ nothing that can be repeated", "(?=a)* ~ nothing that can be repeated",
            "(?i)a ~ (?i", "(?<name>a) ~ (?<", "\\1 ~ \\1", "\\bword ~ \\b", "\\K ~ \\K", "\\h ~ \\h", "\\R ~ \\R",
            "[a[b]] ~ set within a set", "[[:alpha:]] ~ set within a set", "[a&&b] ~ &&", "[z-a] ~ ascending",
            "[\\s-z] ~ range from a class", "[a-\\s] ~ range to a class", "[\\W] ~ \\W in a set",
            "\\p{Nonsense} ~ property Nonsense", "\\p{LC} ~ property LC", "\\p ~ expected {", "\\p{L ~ expected }",
            "\\xFF ~ above 7F", "\\x{110000} ~ Unicode character", "\\uD800 ~ Unicode character",
            "\\u12 ~ unexpected end",
            "\\xZZ ~ hexadecimal", "(?i:ss) ~ ss in", "(?i:[a]) ~ a set in", "(?i:\\s) ~ a class in",
            "(?i:(a)) ~ a group in", "(?i:a+) ~ a repetition in", "(?i:\u00E9) ~ \u00E9 in"})
    void refusesWhatItCannotReadExactly(String expression, String problem) {
        assertThatThrownBy(() -> OnigurumaPattern.compile(expression)).isInstanceOf(PatternSyntaxException.class)
                .hasMessageContaining(problem);
    }

    /// A group that Java matched by recursion would overflow the stack.
    @ParameterizedTest
    @ValueSource(strings = {"(ab)+", "(?:ab)*", "(ab)++", "(?>ab)+", "(?:ab){2,}", "(ab)+?c", "[ab]+",
            "(?:[ab]\\w)+c|a"})
    void repeatsWithoutADeepStack(String expression) {
        int[] matches = new Finder.Expression(OnigurumaPattern.compile(expression)).find("ab".repeat(100_000) + "c");
        assertThat(matches).isNotEmpty();
    }

    @Test
    void refusesDeepNesting() {
        assertThatThrownBy(() -> OnigurumaPattern.compile("(".repeat(100_000) + ")".repeat(100_000)))
                .hasMessageContaining("deep");
    }
}
