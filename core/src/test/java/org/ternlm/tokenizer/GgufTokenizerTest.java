package org.ternlm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufBuilder;

/// Tokenizers out of GGUF metadata, against the ids that llama.cpp publishes for its vocabularies, and against the
/// tokenizers of Hugging Face folders that hold the same pieces.
class GgufTokenizerTest {

    @TempDir
    Path scratch;

    private Path write(GgufBuilder file) throws IOException {
        return file.write(scratch.resolve("vocabulary.gguf"));
    }

    private Tokenizer load(GgufBuilder file) throws IOException {
        return Tokenizer.load(write(file));
    }

    @Test
    void agreesWithLlamaCppOnPhi3() throws IOException {
        Path file = TestFolders.ROOT.resolve("testdata/tokenizers/phi-3/ggml-vocab-phi-3.gguf");
        Tokenizer tokenizer = Tokenizer.load(file);
        GoldenTokensTest.agreesWithLlamaCpp(tokenizer, file);
        assertThat(tokenizer.bosId()).hasValue(1);
        assertThat(tokenizer.isSpecial(1)).isTrue();
        assertThat(tokenizer.piece(1)).isEqualTo("<s>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2/ggml-vocab-gpt-2", "llama-spm/ggml-vocab-llama-spm", "phi-3/ggml-vocab-phi-3"})
    void agreesWithLlamaCppOnItsOwnFiles(String name) throws IOException {
        Path file = TestFolders.data().resolve("tokenizers/" + name + ".gguf");
        GoldenTokensTest.agreesWithLlamaCpp(Tokenizer.load(file), file);
    }

    /// 2B4T's published file has this vocabulary and no name for its expressions.
    @ParameterizedTest
    @ValueSource(strings = {"llama-bpe", "none"})
    void agreesWithLlamaCppOnLlama3(String pre) throws IOException {
        Path source = TestFolders.data().resolve("tokenizers/llama-3");
        GgufBuilder file = GgufVocabularies.byteLevel(new GgufBuilder(), source.resolve("llama3.1_tokenizer.json"))
                .put("tokenizer.ggml.bos_token_id", 128_000).put("tokenizer.ggml.eos_token_id", 128_009);
        Tokenizer tokenizer = load(pre.equals("none") ? file : file.put("tokenizer.ggml.pre", pre));
        GoldenTokensTest.agreesWithLlamaCpp(tokenizer, source.resolve("ggml-vocab-llama-bpe.gguf"));
        assertThat(tokenizer.addsBos()).isTrue();
        assertThat(tokenizer.eosId()).hasValue(128_009);
    }

    @Test
    void agreesWithLlamaCppOnGpt2() throws IOException {
        Path json = TestFolders.gpt2(scratch).resolve("tokenizer.json");
        Tokenizer tokenizer = load(GgufVocabularies.byteLevel(new GgufBuilder(), json).put("tokenizer.ggml.pre",
                "gpt-2"));
        GoldenTokensTest.agreesWithLlamaCpp(tokenizer, TestFolders.GPT2.resolve("ggml-vocab-gpt-2.gguf"));
        assertThat(tokenizer.addsBos()).isFalse();
    }

    private static GgufBuilder golden() throws IOException {
        return GgufVocabularies.byteLevel(new GgufBuilder(), TestFolders.BYTE_LEVEL.resolve("tokenizer.json"))
                .put("tokenizer.ggml.bos_token_id", 1020).put("tokenizer.ggml.eos_token_id", 1021);
    }

    private static GgufBuilder stories() throws IOException {
        return GgufVocabularies.sentencePiece(new GgufBuilder(), TestFolders.STORIES.resolve("tokenizer.json"))
                .put("tokenizer.ggml.bos_token_id", 1).put("tokenizer.ggml.eos_token_id", 2);
    }

    @Test
    void byteLevelPiecesGiveWhatTheFolderGives() throws IOException {
        agree(Tokenizer.load(TestFolders.BYTE_LEVEL), load(golden().put("tokenizer.ggml.pre", "llama-bpe")
                .put("tokenizer.ggml.add_bos_token", false)));
    }

    @Test
    void scoredPiecesGiveWhatTheFolderGives() throws IOException {
        agree(Tokenizer.load(TestFolders.STORIES), load(stories()));
    }

    private static void agree(Tokenizer folder, Tokenizer file) {
        assertThat(file.vocabularySize()).isEqualTo(folder.vocabularySize());
        TokenizerAgreement.check(folder, file);
    }

    /// `default` cuts numbers into threes from the left and punctuation into runs of its own.
    @Test
    void cutsByTheUsualExpressions() throws IOException {
        Tokenizer usual = load(golden().put("tokenizer.ggml.pre", "default"));
        assertThat(load(golden()).encode("12345, $7.", false)).isEqualTo(usual.encode("12345, $7.", false));
        List<String> pieces = new ArrayList<>();
        PreTokenizer.run(GgufPreTokenizer.DEFAULT.steps(), "don't pay $$12345, ok?! \n x", true,
                (piece, _) -> pieces.add(piece.replace('Ġ', ' ').replace('Ċ', '\n')));
        assertThat(pieces).containsExactly("don", "'", "t", " pay", " ", "$$", "123", "45", ",", " ok", "?!", " \n",
                " x");
    }

    /// Qwen's expression is Llama 3's, but for digits, which stand alone.
    @Test
    void qwenCutsEachDigit() throws IOException {
        Tokenizer qwen = load(golden().put("tokenizer.ggml.pre", "qwen2"));
        Tokenizer llama = load(golden().put("tokenizer.ggml.pre", "llama-bpe"));
        assertThat(qwen.encode("I'LL ask, Ok?!\n\n  now", false)).isEqualTo(llama.encode("I'LL ask, Ok?!\n\n  now",
                false));
        List<String> pieces = new ArrayList<>();
        PreTokenizer.run(GgufPreTokenizer.QWEN2.steps(), "a 12345", true, (piece, _) -> pieces.add(piece));
        assertThat(pieces).containsExactly("a", "Ġ", "1", "2", "3", "4", "5");
        assertThat(qwen.encode("", true)).isEmpty();
    }

    @Test
    void filesMaySayOtherwiseAboutBosAndEos() throws IOException {
        assertThat(load(golden().put("tokenizer.ggml.pre", "llama-bpe")).encode("", true)).containsExactly(1020);
        assertThat(load(golden()).encode("", true)).isEmpty();
        assertThat(load(golden().put("tokenizer.ggml.add_bos_token", true)).encode("", true)).containsExactly(1020);
        assertThat(load(stories().put("tokenizer.ggml.add_bos_token", false)
                .put("tokenizer.ggml.add_eos_token", true)).encode("", true)).containsExactly(2);
    }

    @Test
    void aSpaceIsPutBeforeATextUnlessTheFileSaysNo() throws IOException {
        Tokenizer plain = load(stories().put("tokenizer.ggml.add_space_prefix", false));
        Tokenizer prefixed = load(stories());
        assertThat(plain.encode(" Once", false)).isEqualTo(prefixed.encode("Once", false));
        assertThat(plain.decode(plain.encode(" Once", false), true)).isEqualTo(" Once");
        assertThat(prefixed.decode(prefixed.encode(" Once", false), true)).isEqualTo(" Once");
    }

    /// `ab` and `bc` have one score: the leftmost pair merges first, whichever stands first in the vocabulary.
    @Test
    void ofEqualScoresTheLeftmostGoesFirst() throws IOException {
        for (List<String> pairs : List.of(List.of("ab", "bc"), List.of("bc", "ab"))) {
            List<String> pieces = new ArrayList<>(List.of("<unk>", "▁", "a", "b", "c"));
            pieces.addAll(pairs);
            Tokenizer tokenizer = load(new GgufBuilder().put("tokenizer.ggml.model", "llama")
                    .put("tokenizer.ggml.tokens", pieces)
                    .put("tokenizer.ggml.token_type", new int[] {2, 1, 1, 1, 1, 1, 1})
                    .put("tokenizer.ggml.scores", new float[] {0, -9, -9, -9, -9, -1, -1})
                    .put("tokenizer.ggml.unknown_token_id", 0).put("tokenizer.ggml.add_space_prefix", false));
            assertThat(spell(tokenizer, "abc")).containsExactly("ab", "c");
            assertThat(spell(tokenizer, "bcab")).containsExactly("bc", "ab");
            assertThat(spell(tokenizer, "babcbc")).containsExactly("b", "ab", "c", "bc");
        }
    }

    private static List<String> spell(Tokenizer tokenizer, String text) {
        List<String> pieces = new ArrayList<>();
        for (int id : tokenizer.encode(text, false)) {
            pieces.add(tokenizer.piece(id));
        }
        return pieces;
    }

    private static Arguments of(String name, GgufBuilder base, UnaryOperator<GgufBuilder> change, String message) {
        return Arguments.of(name, change.apply(base), message);
    }

    private static UnaryOperator<GgufBuilder> tokens(List<String> tokens) {
        return file -> file.withoutEntry("tokenizer.ggml.tokens").put("tokenizer.ggml.tokens", tokens);
    }

    static List<Arguments> refusals() throws IOException {
        List<String> same = Collections.nCopies(512, "x");
        List<String> empty = Collections.nCopies(512, "");
        List<String> endless = new ArrayList<>(empty);
        endless.set(9, "y".repeat(5_000));
        return List.of(
                Arguments.of("nothing", new GgufBuilder(), "tokenizer.ggml.model: expected a string, found nothing"),
                Arguments.of("WordPiece", new GgufBuilder().put("tokenizer.ggml.model", "bert"),
                        "tokenizer.ggml.model: expected gpt2 or llama, found \"bert\""),
                of("other expressions", golden(), file -> file.put("tokenizer.ggml.pre", "tekken"),
                        "tokenizer.ggml.pre: expected one of [dbrx, deepseek-r1-qwen, default, falcon3,"),
                of("no pieces", golden(), file -> file.withoutEntry("tokenizer.ggml.tokens"),
                        "tokenizer.ggml.tokens: expected an array of strings, found nothing"),
                of("no kinds", golden(), file -> file.withoutEntry("tokenizer.ggml.token_type"),
                        "tokenizer.ggml.token_type: expected an array of 1024 integers, found nothing"),
                of("kinds of others", golden(), file -> file.withoutEntry("tokenizer.ggml.token_type")
                        .put("tokenizer.ggml.token_type", new int[3]), "expected an array of 1024 integers, found an"),
                of("kinds that are none", golden(), file -> file.withoutEntry("tokenizer.ggml.token_type")
                        .put("tokenizer.ggml.token_type", new int[1024]), "token_type.0: expected a kind from 1 to 6"),
                of("no merges", golden(), file -> file.withoutEntry("tokenizer.ggml.merges"),
                        "tokenizer.ggml.merges: expected an array of strings"),
                of("a merge of one", golden(), file -> file.withoutEntry("tokenizer.ggml.merges")
                        .put("tokenizer.ggml.merges", List.of("ab")), "merges.0: expected two pieces with one space"),
                of("a merge of strangers", golden(), file -> file.withoutEntry("tokenizer.ggml.merges")
                        .put("tokenizer.ggml.merges", List.of("ä ö")), "merges.0: expected pieces of tokenizer.ggml"),
                of("a merge twice", golden(), file -> file.withoutEntry("tokenizer.ggml.merges")
                        .put("tokenizer.ggml.merges", List.of("h e", "h e")), "merges.1: expected each pair once"),
                of("a space before bytes", golden(), file -> file.put("tokenizer.ggml.add_space_prefix", true),
                        "tokenizer.ggml.add_space_prefix: expected false"),
                of("a BOS that is nowhere", golden(), file -> file.entry("tokenizer.ggml.bos_token_id", 1024),
                        "bos_token_id: expected a token of the vocabulary, 0 to 1023, found 1024"),
                of("no BOS to add", golden(), file -> file.withoutEntry("tokenizer.ggml.bos_token_id")
                        .put("tokenizer.ggml.add_bos_token", true), "add_bos_token: expected a token to be added"),
                of("no bytes", golden(), file -> tokens(Collections.nCopies(1024, "")).apply(file)
                        .entry("tokenizer.ggml.bos_token_id", 0), "tokens: expected a piece for every byte, found no"),
                of("one piece for all", stories(), tokens(same), "tokens.1: expected each piece once, found x again"),
                of("an endless piece", stories(), tokens(endless), "tokens.9: expected at most 1000 characters"),
                of("no scores", stories(), file -> file.withoutEntry("tokenizer.ggml.scores"),
                        "scores: expected an array of 512 floats, found nothing"),
                of("scores of others", stories(), file -> file.withoutEntry("tokenizer.ggml.scores")
                        .put("tokenizer.ggml.scores", new float[9]), "scores: expected an array of 512 floats"),
                of("a score that is none", stories(), file -> file.withoutEntry("tokenizer.ggml.scores")
                        .put("tokenizer.ggml.scores", scores()), "scores.7: expected a finite number, found NaN"),
                of("white space removed", stories(), file -> file.put("tokenizer.ggml.remove_extra_whitespaces", true),
                        "remove_extra_whitespaces: expected false"),
                of("an unknown token that is nowhere", stories(), file -> file
                        .entry("tokenizer.ggml.unknown_token_id", -1), "unknown_token_id: expected a token of the"),
                of("neither bytes nor an unknown token", stories(), file -> tokens(empty).apply(file)
                        .withoutEntry("tokenizer.ggml.unknown_token_id"), "tokens: expected a piece for every byte"));
    }

    private static float[] scores() {
        float[] scores = new float[512];
        scores[7] = Float.NaN;
        return scores;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void isRefused(String name, GgufBuilder file, String message) throws IOException {
        Path path = write(file);
        assertThatThrownBy(() -> Tokenizer.load(path)).as(name).isInstanceOf(ModelFormatException.class)
                .hasMessageContainingAll("vocabulary.gguf: ", message).message().doesNotContain("\n")
                .hasSizeLessThan(600);
    }

    @Test
    void piecesThatAreNoUtf8AreRefused() throws IOException {
        byte[] file = golden().build();
        String text = new String(file, StandardCharsets.ISO_8859_1);
        file[text.indexOf("<|eot_id|>")] = (byte) 0xff;
        Path path = Files.write(scratch.resolve("bytes.gguf"), file);
        assertThatThrownBy(() -> Tokenizer.load(path)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("tokenizer.ggml.tokens: expected UTF-8");
    }
}
