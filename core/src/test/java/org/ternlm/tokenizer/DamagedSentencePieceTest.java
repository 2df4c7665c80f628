package org.ternlm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ternlm.format.ModelFormatException;

/// `tokenizer.model` files that are not sound, or ask for what is not supported: one line that says where and what.
class DamagedSentencePieceTest {
    private static final long MOST_BYTES = 2_000_000;

    @TempDir
    Path scratch;

    private static WireWriter pieces() {
        return new WireWriter().message(1, WireWriter.piece("<unk>", 0, 2)).message(1, WireWriter.piece("a", -1, 1));
    }

    private static WireWriter training() {
        return new WireWriter().whole(3, 2);
    }

    private static WireWriter sound() {
        return pieces().message(2, training());
    }

    private static WireWriter piece(WireWriter piece) {
        return sound().message(1, piece);
    }

    private static WireWriter normalizer(WireWriter normalizer) {
        return sound().message(3, normalizer);
    }

    private static Arguments of(String name, WireWriter file, String message) {
        return Arguments.of(name, file.build(), message);
    }

    static List<Arguments> files() {
        byte[] sound = sound().build();
        return List.of(
                of("nothing", new WireWriter(), "pieces: expected the pieces of a SentencePiece model, found none"),
                of("a ZIP", new WireWriter().raw((byte) 0x50, (byte) 0x4b, (byte) 3, (byte) 4), "byte 2: expected a"),
                of("a page", new WireWriter().raw("<!DOCTYPE html>".getBytes()), "byte 0: expected a field"),
                of("field 0", new WireWriter().tag(0, 2).varint(0),
                        "expected a field of Protocol Buffers, found number 0"),
                of("a group", sound().tag(1, 3), "found number 1 of type 3"),
                of("type 7", sound().tag(1, 7), "found number 1 of type 7"),
                of("field 2^60", sound().varint(1L << 63 | 2), "of type 2 (no SentencePiece model"),
                Arguments.of("a cut", Arrays.copyOf(sound, sound.length - 1),
                        "expected at most the 1 bytes that are left, found 2"),
                of("a varint that is cut", sound().raw((byte) 0x80),
                        "expected at most the 0 bytes that are left, found 1"),
                of("a varint of eleven bytes", sound().raw(new byte[] {8, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}),
                        "pieces.2: expected a message, found a field of type 0"),
                of("an unknown varint of eleven bytes", sound().tag(9, 0)
                        .raw(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}), "at most ten bytes"),
                of("a piece of 2^60 bytes", sound().tag(1, 2).varint(1L << 60), "found 1152921504606846976 (the file"),
                of("a piece of 2^64 - 1 bytes", sound().tag(1, 2).varint(-1), "found 18446744073709551615"),
                of("a text longer than its piece", piece(new WireWriter().tag(1, 2).varint(100).raw((byte) 65)),
                        "pieces.2.byte 2: expected at most the 1 bytes that are left, found 100"),
                of("a piece that is a number", piece(new WireWriter().whole(1, 7)), "pieces.2.piece: expected a text"),
                of("a score that is a number of another type", piece(new WireWriter().text(1, "b").whole(2, 7)),
                        "pieces.2.score: expected a float, found a field of type 0"),
                of("a score that is cut", piece(new WireWriter().text(1, "b").tag(2, 5).raw((byte) 0)),
                        "at most the 1"),
                of("a score of NaN", piece(WireWriter.piece("b", Float.NaN, 1)), "pieces.2.score: expected a finite"),
                of("a type that is a text", piece(new WireWriter().text(1, "b").text(3, "NORMAL")),
                        "pieces.2.type: expected an integer, found a field of type 2"),
                of("type 0", piece(WireWriter.piece("b", 0, 0)), "pieces.2.type: expected a kind from 1 to 6, found 0"),
                of("type 9", piece(WireWriter.piece("b", 0, 9)), "pieces.2.type: expected a kind from 1 to 6, found 9"),
                of("type 2^40", piece(new WireWriter().text(1, "b").whole(3, 1L << 40)),
                        "pieces.2.type: expected an integer of 32 bits, found 1099511627776"),
                of("a piece out of use", piece(WireWriter.piece("b", 0, 5)), "pieces.2.type: expected a piece in use"),
                of("a piece twice", piece(WireWriter.piece("a", 0, 1)), "pieces.2.piece: expected each piece once"),
                of("a piece of nothing", piece(WireWriter.piece("", 0, 1)),
                        "pieces.2.piece: expected a text, found none"),
                of("an endless piece", piece(WireWriter.piece("b".repeat(1001), 0, 1)), "at most 1000 characters"),
                of("a piece that is no UTF-8", piece(new WireWriter().bytes(1, new byte[] {-1, -2})),
                        "pieces.2.piece: expected UTF-8"),
                of("Unigram", pieces().message(2, new WireWriter().whole(3, 1)),
                        "trainer_spec.model_type: expected BPE, found Unigram (not supported)"),
                of("Unigram, unsaid", pieces(), "trainer_spec.model_type: expected BPE, found Unigram"),
                of("words", sound().message(2, new WireWriter().whole(3, 3)), "expected BPE, found Word"),
                of("model type 77", sound().message(2, new WireWriter().whole(3, 77)), "expected BPE, found type 77"),
                of("a negative model type", sound().message(2, new WireWriter().whole(3, -5)), "found type -5"),
                of("a training that is a number", sound().whole(2, 1), "trainer_spec: expected a message"),
                of("spaces behind words", sound().message(2, training().whole(24, 1)), "treat_whitespace_as_suffix"),
                of("bytes that are missing", sound().message(2, training().whole(35, 1)),
                        "pieces: expected a piece for every byte, as byte_fallback has it, found no <0x00>"),
                of("an unknown piece that is none", sound().message(2, training().whole(40, 1)),
                        "unk_id: expected a piece"),
                of("an unknown piece beyond the end", sound().message(2, training().whole(40, 99)), "unk_id: expected"),
                of("a negative unknown piece", sound().message(2, training().whole(40, -1)),
                        "unk_id: expected a piece"),
                of("texts rewritten", normalizer(new WireWriter().text(1, "nmt_nfkc").bytes(2, new byte[900])),
                        "normalizer_spec.precompiled_charsmap: expected none: texts as they are (identity), found 900 "
                                + "bytes that do nmt_nfkc"),
                of("texts rewritten at the end", sound().message(5, new WireWriter().bytes(2, new byte[9])),
                        "denormalizer_spec.precompiled_charsmap: expected none"),
                of("a table that is cut", normalizer(new WireWriter().tag(2, 2).varint(900)), "found 900"),
                of("spaces that stay", normalizer(new WireWriter().whole(5, 0)), "escape_whitespaces: expected true"),
                of("a flag that is a float", normalizer(new WireWriter().real(3, 1)),
                        "add_dummy_prefix: expected an int"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void isRefusedInOneLine(String name, byte[] content, String message) throws IOException {
        Files.write(scratch.resolve("tokenizer.model"), content);
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();
        Throwable thrown = catchThrowable(() -> Tokenizer.load(scratch));
        long allocated = memory.getCurrentThreadAllocatedBytes() - before;
        assertThat(thrown).as(name).isInstanceOf(ModelFormatException.class)
                .hasMessageContainingAll("tokenizer.model: ", message).message().doesNotContain("\n")
                .hasSizeLessThan(600);
        assertThat(allocated).isLessThan(MOST_BYTES);
    }

    @Test
    void theFileThatIsDamagedIsSound() throws IOException {
        Files.write(scratch.resolve("tokenizer.model"), sound().build());
        assertThat(Tokenizer.load(scratch).encode("a", false)).containsExactly(0, 1);
        for (int length = 0; length < sound().build().length; length++) {
            Files.write(scratch.resolve("tokenizer.model"), Arrays.copyOf(sound().build(), length));
            assertThatThrownBy(() -> Tokenizer.load(scratch)).isInstanceOf(ModelFormatException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', value = {
            "{'bos_token': '<s>'} ~ {} ~ bos_token: expected a piece of the vocabulary, found \"<s>\"",
            "{'add_bos_token': true, 'bos_token': null} ~ {} ~ none",
            "{'sp_model_kwargs': {'enable_sampling': true}} ~ {} ~ sp_model_kwargs: expected no settings",
            "{'legacy': 'no'} ~ {} ~ legacy: expected true or false, found \"no\"",
            "{'added_tokens_decoder': {'x': {'content': 'b'}}} ~ {} ~ added_tokens_decoder.x: expected an id, found x",
            "{'added_tokens_decoder': {'-1': {'content': 'b'}}} ~ {} ~ expected an id, found -1",
            "{'added_tokens_decoder': {'2': {'content': 'b'}, '02': {'content': 'c'}}} ~ {} ~ expected each id once",
            "{'added_tokens_decoder': {'2': {'content': ''}}} ~ {} ~ expected 1 to 1000 characters, found 0",
            "{'added_tokens_decoder': {'1': {'content': 'b'}}} ~ {} ~ expected a as token 1, found b",
            "{'added_tokens_decoder': {'2': {'content': 'a'}}} ~ {} ~ expected 1, the id of a, found 2",
            "{'added_tokens_decoder': {'2147483646': {'content': 'b'}}} ~ {} ~ expected ids without large gaps",
            "{'added_tokens_decoder': 3} ~ {} ~ added_tokens_decoder: expected an object, found 3",
            "{'added_tokens_decoder': {'2': {'content': 'b'}}} ~ {'c': 2} ~ c: expected an id that b has not, found 2",
            "{} ~ {'b': 1.5} ~ added_tokens.json: b: expected an integer",
            "{} ~ [] ~ added_tokens.json: expected a JSON",
            "[] ~ {} ~ tokenizer_config.json: expected a JSON object, found an array"})
    void filesBesideItAreChecked(String configuration, String added, String message) throws IOException {
        Files.write(scratch.resolve("tokenizer.model"), sound().message(2, new WireWriter().whole(41, -1)).build());
        Files.writeString(scratch.resolve("tokenizer_config.json"), configuration.replace('\'', '"'));
        Files.writeString(scratch.resolve("added_tokens.json"), added.replace('\'', '"'));
        assertThatThrownBy(() -> Tokenizer.load(scratch)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message).message().doesNotContain("\n");
    }
}
