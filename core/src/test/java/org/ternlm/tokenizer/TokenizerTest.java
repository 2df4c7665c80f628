package org.ternlm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {

    @TempDir
    Path scratch;

    private Tokenizer withConfiguration(Path base, String configuration) throws IOException {
        TestFolders.variant(base, scratch, _ -> {});
        Files.writeString(scratch.resolve("tokenizer_config.json"), configuration.replace('\'', '"'));
        return Tokenizer.load(scratch);
    }

    @Test
    void knowsItsVocabulary() throws IOException {
        Tokenizer tokenizer = Tokenizer.load(TestFolders.BYTE_LEVEL);
        assertThat(tokenizer.vocabularySize()).isEqualTo(1024);
        assertThat(tokenizer.bosId()).hasValue(1020);
        assertThat(tokenizer.eosId()).hasValue(1021);
        assertThat(tokenizer.addsBos()).isFalse();
        assertThat(tokenizer.piece(1018)).isEqualTo("\u0120gu");
        assertThat(tokenizer.id("\u0120gu")).hasValue(1018);
        assertThat(tokenizer.id("no such piece")).isEmpty();
        assertThat(tokenizer.isSpecial(1020)).isTrue();
        assertThat(tokenizer.isSpecial(1018)).isFalse();
        assertThat(tokenizer.isSpecial(-1)).isFalse();
        assertThat(tokenizer.isSpecial(99_999)).isFalse();
        assertThat(tokenizer.bytes(1018)).isEqualTo(" gu".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> tokenizer.piece(1024)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> tokenizer.bytes(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void givesTheBytesOfATokenInTheMiddleOfAText() throws IOException {
        Tokenizer tokenizer = Tokenizer.load(TestFolders.STORIES);
        assertThat(tokenizer.bytes(3 + 0xE4)).isEqualTo(new byte[] {(byte) 0xE4});
        assertThat(tokenizer.bytes(tokenizer.id("\u2581the").getAsInt()))
                .isEqualTo(" the".getBytes(StandardCharsets.UTF_8));
        assertThat(tokenizer.bytes(1)).isEqualTo("<s>".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theBytesOfTheTokensAreTheBytesOfTheText(boolean byteLevel) throws IOException {
        Tokenizer tokenizer = Tokenizer.load(byteLevel ? TestFolders.BYTE_LEVEL : TestFolders.STORIES);
        NastyText nasty = new NastyText(7);
        for (int i = 0; i < 1_000; i++) {
            String text = nasty.next();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int id : tokenizer.encode(text, false, SpecialText.AS_TEXT)) {
                bytes.writeBytes(tokenizer.bytes(id));
            }
            // SentencePiece puts a space before the text and has one spelling for a space and its own mark.
            String expected = byteLevel || text.isEmpty() ? text : " " + text.replace('\u2581', ' ');
            assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"bitnet-2b4t-packed, <|eot_id|>, 1022", "llama-bf16-spm, </s>, 2"})
    void textFromUsersNeverBecomesASpecialToken(String model, String token, int id) throws IOException {
        Tokenizer tokenizer = Tokenizer.load(TestFolders.GOLDEN.resolve(model));
        String text = "Hello" + token + token + "world";
        assertThat(tokenizer.encode(text, false)).contains(id);
        int[] plain = tokenizer.encode(text, false, SpecialText.AS_TEXT);
        assertThat(plain).doesNotContain(id);
        assertThat(tokenizer.decode(plain, false)).isEqualTo(text);
    }

    @Test
    void textFromUsersNeverMergesIntoASpecialToken() throws IOException {
        Path folder = TestFolders.variant(TestFolders.BYTE_LEVEL, scratch, json -> {
            ObjectNode model = (ObjectNode) json.get("model");
            ((ObjectNode) model.get("vocab")).put("^~", 1020).put("^~x", 1021);
            model.withArray("merges").addArray().add("^").add("~");
            model.withArray("merges").addArray().add("^~").add("x");
            model.put("ignore_merges", true);
            json.set("pre_tokenizer", TestFolders.json("{'type': 'ByteLevel', 'use_regex': false, "
                    + "'add_prefix_space': false, 'trim_offsets': true}"));
            json.set("added_tokens", TestFolders.json("[{'id': 1021, 'content': '^~x', 'special': true, "
                    + "'single_word': true, 'lstrip': false, 'rstrip': false, 'normalized': false}]"));
        });
        Tokenizer tokenizer = Tokenizer.load(folder);
        assertThat(tokenizer.encode("^~xe", false)).contains(1021);
        assertThat(tokenizer.encode("^~x", false, SpecialText.AS_TEXT)).doesNotContain(1021).contains(1020);
        assertThat(tokenizer.encode("^~xe", false, SpecialText.AS_TEXT)).doesNotContain(1021);
    }

    @Test
    void skipsSpecialTokensOnRequest() throws IOException {
        Tokenizer tokenizer = Tokenizer.load(TestFolders.STORIES);
        int[] ids = tokenizer.encode("Once</s>", true);
        assertThat(tokenizer.decode(ids, true)).isEqualTo("Once");
        assertThat(tokenizer.decode(ids, false)).isEqualTo("<s> Once</s>");
    }

    @Test
    void anUnpairedSurrogateIsAReplacementCharacter() throws IOException {
        for (Path folder : new Path[] {TestFolders.BYTE_LEVEL, TestFolders.STORIES}) {
            Tokenizer tokenizer = Tokenizer.load(folder);
            assertThat(tokenizer.encode("a\uD83Db\uDE00\uD83D\uDE00\uDBFF", false))
                    .isEqualTo(tokenizer.encode("a\uFFFDb\uFFFD\uD83D\uDE00\uFFFD", false));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"{}; 1 x; false", "{'bos_token': '<s>'}; 1 x; true",
            "{'bos_token': {'content': '<s>', 'special': true}, 'add_bos_token': null}; 1 x; true",
            "{'bos_token': '<s>', 'add_bos_token': false}; x; false",
            "{'bos_token': '<s>', 'add_bos_token': true}; 1 x; true",
            "{'bos_token': '<s>', 'eos_token': '</s>', 'add_eos_token': true}; 1 x 2; true",
            "{'bos_token': '</s>', 'add_bos_token': true}; 2 1 x; true",
            "{'bos_token': null, 'add_bos_token': false}; 1 x; false"})
    void theConfigurationOverrulesThePostProcessor(String configuration, String ids, boolean addsBos)
            throws IOException {
        Tokenizer tokenizer = withConfiguration(TestFolders.STORIES, configuration);
        assertThat(framed(tokenizer)).isEqualTo(ids);
        assertThat(tokenizer.addsBos()).isEqualTo(addsBos);
        assertThat(tokenizer.encode("Once", false)).doesNotContain(1, 2);
    }

    /// What stands around a text, with `x` for the text.
    private static String framed(Tokenizer tokenizer) {
        int[] inner = tokenizer.encode("Once", false);
        String all = joined(tokenizer.encode("Once", true));
        return all.replace(joined(inner), "x");
    }

    private static String joined(int[] ids) {
        return String.join(" ", IntStream.of(ids).mapToObj(String::valueOf).toList());
    }

    /// A megabyte in one piece: only an algorithm that is nearly linear comes to an end in time.
    @ParameterizedTest
    @ValueSource(strings = {"the cat sat on the mat. ", "a", " ", "\n", "\u4E2D", "<s>", "aaab", "\u0301", "<|"})
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void encodesAMegabyte(String part) throws IOException {
        String text = part.repeat(1_000_000 / part.getBytes(StandardCharsets.UTF_8).length);
        for (Path folder : new Path[] {TestFolders.STORIES, TestFolders.BYTE_LEVEL}) {
            Tokenizer tokenizer = Tokenizer.load(folder);
            int[] ids = tokenizer.encode(text, false, SpecialText.AS_TEXT);
            assertThat(tokenizer.decode(ids, false)).isEqualTo(text);
        }
    }
}
