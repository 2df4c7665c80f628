package org.ternlm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every tokenizer at hand against the library that defines the format.
class OracleTest {
    private static final int TEXTS = 3_000;

    @TempDir
    Path scratch;

    static Stream<Path> folders() throws IOException {
        try (Stream<Path> golden = Files.list(TestFolders.GOLDEN)) {
            return Stream.concat(golden.sorted().toList().stream(), Stream.of(TestFolders.STORIES));
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void encodesAndDecodesAsTheReferenceDoes(Path folder) throws IOException {
        OracleComparison.compare(folder, TEXTS);
    }

    @Test
    void encodesAndDecodesGpt2AsTheReferenceDoes() throws IOException {
        OracleComparison.compare(TestFolders.gpt2(scratch), TEXTS);
    }

    @Test
    void encodesAndDecodesLlama3AsTheReferenceDoes() throws IOException {
        Path source = TestFolders.data().resolve("tokenizers/llama-3/llama3.1_tokenizer.json");
        Files.copy(source, scratch.resolve("tokenizer.json"));
        OracleComparison.compare(scratch, TEXTS);
    }

    @Test
    void cutsTextsOfTheRealWorldAsTheReferenceDoes() throws IOException {
        String text = Files.readString(TestFolders.data().resolve("corpora/wikitext-2/valid.raw"));
        try (Oracle oracle = new Oracle(TestFolders.gpt2(scratch))) {
            int[] ids = Tokenizer.load(scratch).encode(text, false);
            assertThat(ids).isEqualTo(oracle.encode(text, false));
        }
    }
}
