package org.ternlm.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.Fixtures;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufBuilder;
import org.ternlm.format.gguf.GgufType;
import org.ternlm.model.GgufConversion;
import org.ternlm.tokenizer.GgufVocabularies;

/// Models and their tokenizers from one GGUF file: they speak as the folders that they were made of.
class GgufStoriesTest {

    @TempDir
    Path scratch;

    private Path write(Path folder, String architecture, GgufType linears) throws IOException {
        GgufBuilder file = GgufConversion.of(folder, architecture, linears, GgufType.F32);
        return GgufVocabularies.sentencePiece(file, folder.resolve("tokenizer.json"))
                .write(scratch.resolve("stories.gguf"));
    }

    @ParameterizedTest
    @CsvSource({"tinystories-ternary-1M, bitnet, I2_S", "tinystories-ternary-1M, bitnet, IQ2_BN",
            "stories260K-llama-f32, llama, F32"})
    void saysWhatTheFolderSays(String name, String architecture, GgufType linears) throws IOException {
        Path folder = Fixtures.model(name);
        Path file = write(folder, architecture, linears);
        for (String prompt : List.of("Once upon a time", "Tim and Lily went to the park. \"Look", "")) {
            assertThat(speak(file, prompt)).as(prompt).isEqualTo(speak(folder, prompt));
        }
    }

    private static String speak(Path model, String prompt) {
        try (Tern tern = Tern.open(model, 2); Session session = tern.session()) {
            GenerationRequest request = tern.request(prompt).withMaxTokens(40).withSampling(Sampling.GREEDY);
            Generation generation = session.generate(request);
            return generation.text() + Arrays.toString(generation.tokens());
        }
    }

    @Test
    void aVocabularyLargerThanTheModelIsRefused() throws IOException {
        Path folder = Fixtures.model("tinystories-ternary-1M");
        GgufBuilder file = GgufConversion.of(folder, "bitnet", GgufType.I2_S, GgufType.F32);
        Path path = GgufVocabularies.sentencePiece(file, Fixtures.model("golden/llama-bf16-spm").resolve(
                "tokenizer.json")).write(scratch.resolve("mixed.gguf"));
        assertThatThrownBy(() -> Tern.open(path, 1)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("mixed.gguf: vocabulary: expected at most the model's 512 tokens, found 900");
    }

    @Test
    void aModelWithoutATokenizerIsRefused() throws IOException {
        Path path = GgufConversion.of(Fixtures.model("tinystories-ternary-1M"), "bitnet", GgufType.I2_S, GgufType.F32)
                .write(scratch.resolve("mute.gguf"));
        assertThatThrownBy(() -> Tern.open(path, 1)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("mute.gguf: tokenizer.ggml.model: expected a string, found nothing");
    }
}
