package org.ternlm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufBuilder;
import org.ternlm.format.gguf.GgufWriter;

/// Tokenizers out of GGUF as `tokenizer.json`: the library that defines the format reads them, and gives the same ids.
class TokenizerJsonWriterTest {
    @TempDir
    Path scratch;

    private Path written(Path gguf) throws IOException {
        Path folder = Files.createDirectories(scratch.resolve("out"));
        TokenizerJsonWriter.write(Tokenizer.load(gguf), gguf, Optional.of("{{ x }}"), folder);
        return folder;
    }

    private static void agree(Tokenizer file, Path folder) throws IOException {
        NastyText texts = new NastyText(31);
        try (Oracle oracle = new Oracle(folder)) {
            for (int i = 0; i < 1_500; i++) {
                String text = texts.next();
                int[] ids = file.encode(text, true);
                assertThat(ids).as("%d: %s", i, text).isEqualTo(oracle.encode(text, true));
                assertThat(file.decode(ids, true)).as("%d: %s", i, text).isEqualTo(oracle.decode(ids, true));
            }
        }
    }

    @Test
    void phi3IsReadByTheLibrary() throws IOException {
        Path gguf = TestFolders.ROOT.resolve("testdata/tokenizers/phi-3/ggml-vocab-phi-3.gguf");
        Path folder = written(gguf);
        agree(Tokenizer.load(gguf), folder);
        assertThat(new ObjectMapper().readTree(folder.resolve("tokenizer_config.json").toFile()).get("chat_template")
                .asText()).isEqualTo("{{ x }}");
    }

    @Test
    void otherFilesAreReadByTheLibrary() throws IOException {
        for (String name : List.of("gpt2/ggml-vocab-gpt-2", "llama-spm/ggml-vocab-llama-spm",
                "llama-3/ggml-vocab-llama-bpe")) {
            Path gguf = TestFolders.data().resolve("tokenizers/" + name + ".gguf");
            if (Files.exists(gguf)) {
                agree(Tokenizer.load(gguf), written(gguf));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stories", "bytes"})
    void foldersComeBackByWayOfGguf(String kind) throws IOException {
        Tokenizer tokenizer = Tokenizer.load(kind.equals("stories") ? TestFolders.STORIES : TestFolders.BYTE_LEVEL);
        Path gguf = scratch.resolve("v.gguf");
        new GgufWriter(GgufTokenizerWriter.entries(tokenizer, gguf, tokenizer.vocabularySize(),
                new GgufTokenizerWriter.Ids(tokenizer.bosId().orElseThrow(), tokenizer.eosId().orElseThrow())))
                .write(gguf);
        agree(tokenizer, written(gguf));
    }

    /// Two pieces of one score, of which the leftmost goes first: ranks cannot say that.
    @Test
    void scoresWithoutAnOrderAreRefused() throws IOException {
        Path gguf = new GgufBuilder().put("tokenizer.ggml.model", "llama")
                .put("tokenizer.ggml.tokens", List.of("<unk>", "▁", "a", "b", "c", "ab", "bc"))
                .put("tokenizer.ggml.token_type", new int[] {2, 1, 1, 1, 1, 1, 1})
                .put("tokenizer.ggml.scores", new float[] {0, -9, -9, -9, -9, -1, -1})
                .put("tokenizer.ggml.unknown_token_id", 0).write(scratch.resolve("same.gguf"));
        assertThatThrownBy(() -> written(gguf)).isInstanceOf(ModelFormatException.class).hasMessageContaining(
                "expected one that tokenizer.json can express, found the merges that make a piece do not stand");
    }
}
