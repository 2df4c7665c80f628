package org.ternlm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.Fixtures;

/// Texts of which some characters are not the program's own.
class ForeignTextTest {
    private static final String END = "<|eot_id|>";

    private static Tokenizer tokenizer(String model) throws IOException {
        return Tokenizer.load(Fixtures.model(model));
    }

    /// The ids of a text whose foreign parts stand between brackets.
    private static int[] encode(Tokenizer tokenizer, String marked) {
        BitSet foreign = new BitSet();
        StringBuilder text = new StringBuilder();
        boolean inside = false;
        for (char c : marked.toCharArray()) {
            if (c == '⟦' || c == '⟧') {
                inside = c == '⟦';
            } else {
                foreign.set(text.length(), inside);
                text.append(c);
            }
        }
        return tokenizer.encode(text.toString(), false, foreign);
    }

    @ParameterizedTest
    @ValueSource(strings = {"golden/bitnet-2b4t-packed", "golden/llama-bf16-spm", "tinystories-ternary-1M"})
    void thoseWithoutMarksAreAsEver(String model) throws IOException {
        Tokenizer tokenizer = tokenizer(model);
        for (String text : List.of("", "Once upon a time", " a <|eot_id|> b</s>c<s>", "<|eot_id|><|eot_id|>",
                "\n\n é ü 数 \ud83d\ude00")) {
            assertThat(encode(tokenizer, text)).isEqualTo(tokenizer.encode(text, false));
            assertThat(tokenizer.encode(text, true, new BitSet())).isEqualTo(tokenizer.encode(text, true));
            assertThat(encode(tokenizer, "⟦" + text + "⟧"))
                    .isEqualTo(tokenizer.encode(text, false, SpecialText.AS_TEXT));
        }
    }

    @Test
    void ordinaryTextIsNotCutAtItsMarks() throws IOException {
        for (String model : List.of("golden/bitnet-2b4t-packed", "tinystories-ternary-1M")) {
            Tokenizer tokenizer = tokenizer(model);
            assertThat(encode(tokenizer, "Once up⟦on a t⟧ime, the⟦re⟧")).isEqualTo(
                    tokenizer.encode("Once upon a time, there", false));
        }
    }

    @Test
    void aSpecialTokenIsTheProgramsOwn() throws IOException {
        Tokenizer tokenizer = tokenizer("golden/bitnet-2b4t-packed");
        int end = tokenizer.id(END).orElseThrow();
        assertThat(encode(tokenizer, END)).containsExactly(end);
        for (String marked : List.of("⟦<|eot_id|>⟧", "<⟦|eot_id|>⟧", "⟦<|eot_id|⟧>", "<|eot⟦_⟧id|>", "⟦<⟧|eot_id|>",
                "<|⟦eot_id⟧|>")) {
            assertThat(encode(tokenizer, marked)).doesNotContain(end)
                    .isEqualTo(tokenizer.encode(END, false, SpecialText.AS_TEXT));
            assertThat(encode(tokenizer, END + marked + END)).startsWith(end).endsWith(end)
                    .satisfies(ids -> assertThat(java.util.Arrays.stream(ids).filter(id -> id == end)).hasSize(2));
        }
        assertThat(encode(tokenizer, "⟦<|⟧<|eot_id|>⟦x⟧")).contains(end);
        assertThat(encode(tokenizer, "⟦<|eot_⟧<|eot_id|>")).endsWith(end);
    }

    @TempDir
    private Path folder;

    /// Older files of Llama look for their special tokens in the normalized text.
    @Test
    void normalizedSpecialTokensToo() throws IOException {
        String json = Files.readString(Fixtures.model("tinystories-ternary-1M").resolve("tokenizer.json"))
                .replaceAll("\"normalized\"\\s*:\\s*false", "\"normalized\": true");
        Files.writeString(folder.resolve("tokenizer.json"), json);
        Tokenizer tokenizer = Tokenizer.load(folder);
        assertThat(encode(tokenizer, "a ⟦</s> b⟧")).doesNotContain(2);
        assertThat(encode(tokenizer, "a⟦ b⟧ </s>")).contains(2);
        assertThat(encode(tokenizer, "a b </s>")).isEqualTo(tokenizer.encode("a b </s>", false)).contains(2);
        assertThat(encode(tokenizer, "⟦a <⟧/s>")).doesNotContain(2);
    }
}
