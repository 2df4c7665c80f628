package org.ternlm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Ids and texts that others computed and published.
class GoldenTokensTest {
    private static final String SEPARATOR = "\n__ggml_vocab_test__\n";

    @TempDir
    Path scratch;

    static Stream<Path> goldenModels() throws IOException {
        try (Stream<Path> folders = Files.list(TestFolders.GOLDEN)) {
            return folders.sorted().toList().stream();
        }
    }

    private static int[] ids(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
    }

    @ParameterizedTest
    @MethodSource("goldenModels")
    void agreesWithTransformersOnGoldenModels(Path folder) throws IOException {
        Tokenizer tokenizer = Tokenizer.load(folder);
        JsonNode cases = TestFolders.JSON.readTree(folder.resolve("expected.json").toFile());
        assertThat(cases).isNotEmpty();
        for (JsonNode expected : cases) {
            String prompt = expected.get("prompt").textValue();
            int[] plain = ids(expected.get("token_ids_without_bos"));
            assertThat(tokenizer.encode(prompt, false)).as(prompt).isEqualTo(plain);
            int[] withBos = IntStream.concat(tokenizer.bosId().stream(), Arrays.stream(plain)).toArray();
            assertThat(ids(expected.get("input_ids"))).isEqualTo(withBos);
            assertThat(tokenizer.encode(prompt, true)).isEqualTo(tokenizer.addsBos() ? withBos : plain);
            assertThat(tokenizer.decode(ids(expected.get("greedy_24")), false))
                    .isEqualTo(expected.get("greedy_text").textValue());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stories260K-llama-f32", "tinystories-ternary-1M"})
    void agreesWithTransformersOnStories(String name) throws IOException {
        Path folder = TestFolders.ROOT.resolve("testdata/models").resolve(name);
        Tokenizer tokenizer = Tokenizer.load(folder);
        for (JsonNode expected : TestFolders.JSON.readTree(folder.resolve("expected.json").toFile()).get("cases")) {
            int[] prompt = ids(expected.get("input_ids"));
            assertThat(tokenizer.encode(expected.get("prompt").textValue(), true)).isEqualTo(prompt);
            int[] all = IntStream.concat(Arrays.stream(prompt), Arrays.stream(ids(expected.get("greedy_64"))))
                    .toArray();
            assertThat(tokenizer.decode(all, true)).isEqualTo(expected.get("text").textValue());
        }
    }

    @Test
    void agreesWithLlamaCppOnGpt2() throws IOException {
        agreesWithLlamaCpp(Tokenizer.load(TestFolders.gpt2(scratch)),
                TestFolders.GPT2.resolve("ggml-vocab-gpt-2.gguf"));
    }

    @Test
    void agreesWithLlamaCppOnLlama3() throws IOException {
        Path source = TestFolders.data().resolve("tokenizers/llama-3");
        Files.copy(source.resolve("llama3.1_tokenizer.json"), scratch.resolve("tokenizer.json"));
        Files.copy(source.resolve("llama3.1_tokenizer_config.json"), scratch.resolve("tokenizer_config.json"));
        Tokenizer tokenizer = Tokenizer.load(scratch);
        agreesWithLlamaCpp(tokenizer, source.resolve("ggml-vocab-llama-bpe.gguf"));
        assertThat(tokenizer.addsBos()).isTrue();
        assertThat(tokenizer.bosId()).hasValue(128_000);
        assertThat(tokenizer.eosId()).hasValue(128_009);
        assertThat(tokenizer.vocabularySize()).isEqualTo(128_256);
    }

    static void agreesWithLlamaCpp(Tokenizer tokenizer, Path vocabulary) throws IOException {
        String[] texts = Files.readString(Path.of(vocabulary + ".inp")).split(SEPARATOR, -1);
        List<String> lines = Files.readAllLines(Path.of(vocabulary + ".out"));
        assertThat(lines).hasSize(texts.length - 1).hasSizeGreaterThan(40);
        for (int i = 0; i < lines.size(); i++) {
            int[] expected = Stream.of(lines.get(i).strip().split(" ")).filter(id -> !id.isEmpty())
                    .mapToInt(Integer::parseInt).toArray();
            assertThat(tokenizer.encode(texts[i], false)).as("text %d: %s", i, texts[i]).isEqualTo(expected);
            assertThat(tokenizer.decode(expected, false)).isEqualTo(texts[i]);
        }
    }
}
