package org.ternlm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufEntries;
import org.ternlm.format.gguf.GgufMetadata;
import org.ternlm.format.gguf.GgufWriter;

/// Tokenizers of folders as GGUF: they do the same with every text, or are refused.
class GgufTokenizerWriterTest {

    @TempDir
    Path scratch;

    private static GgufEntries entries(Tokenizer tokenizer, int size) {
        return GgufTokenizerWriter.entries(tokenizer, Path.of("tokenizer.json"), size,
                new GgufTokenizerWriter.Ids(tokenizer.bosId().orElse(-1), tokenizer.eosId().orElse(-1)));
    }

    private Tokenizer written(Tokenizer tokenizer, int size) throws IOException {
        Path file = scratch.resolve("v.gguf");
        new GgufWriter(entries(tokenizer, size)).write(file);
        return Tokenizer.load(file);
    }

    @Test
    void byteLevelTokenizersComeBack() throws IOException {
        Tokenizer tokenizer = Tokenizer.load(TestFolders.BYTE_LEVEL);
        TokenizerAgreement.check(tokenizer, written(tokenizer, tokenizer.vocabularySize()));
        GgufMetadata metadata = entries(tokenizer, 1024).metadata(scratch);
        assertThat(metadata.text("tokenizer.ggml.model")).isEqualTo("gpt2");
        // llama-bpe would keep pieces whole, which this one does not do.
        assertThat(metadata.text("tokenizer.ggml.pre")).isEqualTo("smaug-bpe");
        assertThat(metadata.flag("tokenizer.ggml.add_bos_token", true)).isFalse();
    }

    @Test
    void sentencePieceTokenizersComeBack() throws IOException {
        Tokenizer tokenizer = Tokenizer.load(TestFolders.STORIES);
        TokenizerAgreement.check(tokenizer, written(tokenizer, tokenizer.vocabularySize()));
        GgufMetadata metadata = entries(tokenizer, 512).metadata(scratch);
        assertThat(metadata.text("tokenizer.ggml.model")).isEqualTo("llama");
        assertThat(metadata.flag("tokenizer.ggml.add_bos_token", false)).isTrue();
        assertThat(metadata.optionalWholes("tokenizer.ggml.token_type", 512).orElseThrow()).startsWith(2, 3, 3, 6, 6)
                .endsWith(1, 1);
    }

    @Test
    void gpt2ComesBack() throws IOException {
        Tokenizer tokenizer = Tokenizer.load(TestFolders.gpt2(scratch));
        TokenizerAgreement.check(tokenizer, written(tokenizer, tokenizer.vocabularySize()));
        assertThat(entries(tokenizer, 50_257).metadata(scratch).text("tokenizer.ggml.pre")).isEqualTo("gpt-2");
    }

    @Test
    void llama3ComesBack() throws IOException {
        Path json = TestFolders.data().resolve("tokenizers/llama-3/llama3.1_tokenizer.json");
        Path folder = Files.createDirectories(scratch.resolve("llama-3"));
        Files.copy(json, folder.resolve("tokenizer.json"));
        Tokenizer tokenizer = Tokenizer.load(folder);
        Tokenizer file = GgufTokenizerReader.read(GgufTokenizerWriter.entries(tokenizer, json, 128_256,
                new GgufTokenizerWriter.Ids(128_000, 128_001)).metadata(scratch));
        assertThat(file.encode("Hello 12345 \n\n world!", true)).isEqualTo(tokenizer.encode("Hello 12345 \n\n world!",
                true));
        assertThat(file.addsBos()).isTrue();
    }

    @Test
    void spmFilesOfOthersComeBack() throws IOException {
        Path phi = TestFolders.ROOT.resolve("testdata/tokenizers/phi-3/ggml-vocab-phi-3.gguf");
        Tokenizer tokenizer = Tokenizer.load(phi);
        TokenizerAgreement.check(tokenizer, written(tokenizer, tokenizer.vocabularySize()));
    }

    /// SentencePiece's own file: as it is it removes spaces, which GGUF's readers do not.
    @Test
    void sentencePieceFilesComeBack() throws IOException {
        Path folder = Files.createDirectories(scratch.resolve("spm"));
        byte[] model = Files.readAllBytes(TestFolders.ROOT.resolve("testdata/tokenizers/tok512/tokenizer.model"));
        Files.write(folder.resolve("tokenizer.model"), model);
        assertThatThrownBy(() -> entries(Tokenizer.load(folder), 512)).hasMessageContaining("another normalizer");
        byte[] everySpace = new WireWriter().message(3, new WireWriter().whole(4, 0)).build();
        Files.write(folder.resolve("tokenizer.model"), new WireWriter().raw(model).raw(everySpace).build());
        Tokenizer tokenizer = Tokenizer.load(folder);
        TokenizerAgreement.check(tokenizer, written(tokenizer, 512));
    }

    /// A model's head may be larger than its tokenizer.
    @Test
    void idsWithoutAPieceAreFilled() throws IOException {
        Tokenizer tokenizer = Tokenizer.load(TestFolders.STORIES);
        Tokenizer file = written(tokenizer, 640);
        TokenizerAgreement.check(tokenizer, file);
        assertThat(file.vocabularySize()).isEqualTo(640);
        assertThat(file.encode("[PAD600]", false)).doesNotContain(600).isEqualTo(tokenizer.encode("[PAD600]", false));
    }

    private static Arguments of(String name, Path folder, Consumer<ObjectNode> change, String message) {
        return Arguments.of(name, folder, change, message);
    }

    private static ObjectNode token(ObjectNode root, int index) {
        return (ObjectNode) root.get("added_tokens").get(index);
    }

    static List<Arguments> refusals() {
        Path bytes = TestFolders.BYTE_LEVEL;
        Path pieces = TestFolders.STORIES;
        return List.of(
                of("expressions without a name", bytes, root -> ((ObjectNode) root.get("pre_tokenizer").get(
                        "pretokenizers").get(0).get("pattern")).put("Regex", "\\p{L}+"), "expressions that have no"),
                of("a normalizer", bytes, root -> root.set("normalizer", TestFolders.json("{'type': 'NFC'}")),
                        "another normalizer: Unicode[form=NFC]"),
                of("a prefix", pieces, root -> root.set("normalizer", TestFolders.json("{'type': 'Sequence', "
                        + "'normalizers': [{'type': 'Prepend', 'prepend': '_'}, {'type': 'Replace', "
                        + "'pattern': {'String': ' '}, 'content': '▁'}]}")), "another normalizer"),
                of("two tokens before a text", pieces, root -> root.set("post_processor", TestFolders.json(
                        "{'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': '<s>'}}, {'SpecialToken': "
                                + "{'id': '</s>'}}, {'Sequence': {'id': 'A'}}], 'special_tokens': {'<s>': {'ids': [1]},"
                                + " '</s>': {'ids': [2]}}}")),
                        "other special tokens around a text: [1, 2]"),
                of("white space taken along", bytes, root -> token(root, 2).put("rstrip", true), "in another way"),
                of("tokens in normalized text", pieces, root -> token(root, 2).put("normalized", true),
                        "in another way"),
                of("another decoder", pieces, root -> root.set("decoder", TestFolders.json("{'type': 'Fuse'}")),
                        "another decoder"),
                of("a merge that is missing", pieces, root -> ((ArrayNode) root
                        .get("model").get("merges")).remove(1), "the text he becomes [he] instead of [h, e]"),
                of("no bytes for what is no piece", pieces,
                        root -> ((ObjectNode) root.get("model")).put("byte_fallback",
                                false),
                        "characters that are no piece become something else"),
                of("byte tokens that are special", TestFolders.SENTENCE_PIECE, _ -> {}, "the token <0x00> is special"),
                of("merges of a piece apart", pieces, root -> {
                    ArrayNode merges = (ArrayNode) root.get("model").get("merges");
                    assertThat(merges.get(56).toString()).isEqualTo("[\"▁\",\"her\"]");
                    merges.add(merges.remove(56));
                }, "merges that make a piece do not stand together"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void whatGgufCannotExpressIsRefused(String name, Path folder, Consumer<ObjectNode> change, String message)
            throws IOException {
        Tokenizer tokenizer = Tokenizer.load(TestFolders.variant(folder, scratch.resolve("variant"), change));
        assertThatThrownBy(() -> GgufTokenizerWriter.entries(tokenizer, Path.of("tokenizer.json"),
                tokenizer.vocabularySize(), new GgufTokenizerWriter.Ids(1, 2))).as(name)
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContainingAll("tokenizer.json: tokenizer: expected one that GGUF can express", message)
                .message().doesNotContain("\n").hasSizeLessThan(600);
    }
}
