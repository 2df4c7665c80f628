package org.ternlm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StreamDecoderTest {
    private static final long SEED = 158;

    static List<Path> folders() {
        return List.of(TestFolders.BYTE_LEVEL, TestFolders.SENTENCE_PIECE, TestFolders.STORIES);
    }

    private static List<String> parts(StreamDecoder decoder, int[] ids) {
        List<String> parts = new ArrayList<>();
        for (int id : ids) {
            parts.add(decoder.accept(id));
        }
        parts.add(decoder.finish());
        return parts;
    }

    @ParameterizedTest
    @MethodSource("folders")
    void partsJoinToTheWholeAndNeverSplitACharacter(Path folder) throws IOException {
        Tokenizer tokenizer = Tokenizer.load(folder);
        NastyText nasty = new NastyText(SEED);
        for (int i = 0; i < 4_000; i++) {
            boolean text = i % 2 == 0;
            int[] ids = text ? tokenizer.encode(nasty.next(), true) : OracleComparison.randomIds(tokenizer, nasty);
            boolean skip = i % 3 == 0;
            List<String> parts = parts(tokenizer.streamDecoder(skip), ids);
            assertThat(String.join("", parts)).as("seed %d, ids %s", SEED, Arrays.toString(ids))
                    .isEqualTo(tokenizer.decode(ids, skip));
            assertThat(parts).noneMatch(part -> !part.isEmpty() && (Character.isLowSurrogate(part.charAt(0))
                    || Character.isHighSurrogate(part.charAt(part.length() - 1))));
        }
    }

    @Test
    void holdsBackTheBytesOfAnUnfinishedCharacter() throws IOException {
        Tokenizer tokenizer = Tokenizer.load(TestFolders.BYTE_LEVEL);
        int[] ids = bytes(tokenizer, 0xF0, 0x9F, 0x98, 0x80);
        assertThat(parts(tokenizer.streamDecoder(false), ids)).containsExactly("", "", "", "\uD83D\uDE00", "");
        assertThat(parts(tokenizer.streamDecoder(false), bytes(tokenizer, 0xF0, 0x9F, 'a')))
                .containsExactly("", "", "\uFFFDa", "");
        assertThat(parts(tokenizer.streamDecoder(false), bytes(tokenizer, 0xE4))).containsExactly("", "\uFFFD");
    }

    private static int[] bytes(Tokenizer tokenizer, int... values) {
        return Arrays.stream(values).map(b -> tokenizer.id(String.valueOf(ByteAlphabet.symbol(b))).getAsInt())
                .toArray();
    }

    @Test
    void holdsBackARunOfByteTokensUntilItIsCertain() throws IOException {
        Tokenizer tokenizer = Tokenizer.load(TestFolders.STORIES);
        int letter = tokenizer.id("a").getAsInt();
        int[] run = {3 + 0xC3, 3 + 0xA9, 3 + 0xC3, 3 + 0xA9, letter};
        assertThat(parts(tokenizer.streamDecoder(false), run)).containsExactly("", "", "", "", "\u00E9\u00E9a", "");
        int[] broken = {3 + 0xC3, 3 + 0xA9, 3 + 0xFF, 3 + 0xC3, 3 + 0xA9, letter};
        assertThat(parts(tokenizer.streamDecoder(false), broken)).containsExactly("", "", "\uFFFD\uFFFD\uFFFD",
                "\uFFFD",
                "\uFFFD", "a", "");
    }

    @Test
    void stripsTheLeadingSpaceOnce() throws IOException {
        Tokenizer tokenizer = Tokenizer.load(TestFolders.STORIES);
        int[] ids = tokenizer.encode(" the the", true);
        assertThat(tokenizer.decode(ids, true)).isEqualTo(" the the");
        List<String> parts = parts(tokenizer.streamDecoder(true), tokenizer.encode("the the", true));
        assertThat(parts).first().isEqualTo("");
        assertThat(String.join("", parts)).isEqualTo("the the");
    }

    @Test
    void ignoresIdsWithoutAPiece() throws IOException {
        StreamDecoder decoder = Tokenizer.load(TestFolders.STORIES).streamDecoder(false);
        assertThat(decoder.accept(-1) + decoder.accept(512) + decoder.accept(Integer.MAX_VALUE)).isEmpty();
    }

    @Test
    void isForOneTextOnly() throws IOException {
        StreamDecoder decoder = Tokenizer.load(TestFolders.STORIES).streamDecoder(false);
        decoder.finish();
        assertThatThrownBy(() -> decoder.accept(5)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(decoder::finish).isInstanceOf(IllegalStateException.class);
    }

    /// Java's own decoder follows the same rule for U+FFFD, but for surrogates (ED A0 80 and on, here left out).
    @Test
    void replacesBrokenUtf8AsUnicodeRecommends() {
        Random random = new Random(SEED);
        int[] likely = {0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xE1, 0xEE, 0xEF,
                0xF0, 0xF1, 0xF4, 0xF5, 0xFF};
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = new byte[random.nextInt(9)];
            for (int k = 0; k < bytes.length; k++) {
                bytes[k] = (byte) likely[random.nextInt(likely.length)];
            }
            StringBuilder text = new StringBuilder();
            Utf8Stream utf8 = new Utf8Stream();
            for (byte b : bytes) {
                utf8.accept(b, text);
            }
            utf8.finish(text);
            assertThat(text.toString()).as("seed %d, bytes %s", SEED, Arrays.toString(bytes))
                    .isEqualTo(new String(bytes, StandardCharsets.UTF_8));
        }
    }
}
