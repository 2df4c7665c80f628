package org.ternlm.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.Fixtures;
import org.ternlm.format.ModelFormatException;

class EngineTest {
    private static final int EMBEDDING = 8 + 15_168;

    @TempDir
    Path folder;

    /// The first number of the embedding, which is the head as well, in a model of float weights.
    @ParameterizedTest
    @ValueSource(ints = {0x7FC00000, 0x7F800000, 0xFF800000})
    void refusesLogitsThatAreNoNumbers(int bits) throws IOException {
        try (Stream<Path> files = Files.list(Fixtures.model("tinystories-ternary-1M"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Path weights = folder.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        for (int i = 0; i < 4; i++) {
            bytes[EMBEDDING + i] = (byte) (bits >>> 8 * i);
        }
        Files.write(weights, bytes);
        try (Tern tern = Tern.open(folder, 1); Session session = tern.session()) {
            assertThat(tern.config().tiedHead()).isTrue();
            assertThatThrownBy(() -> session.generate(GenerationRequest.of(1, 300)))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("logits: expected finite numbers, found NaN or infinity");
            assertThatThrownBy(() -> tern.scorer().score(new int[] {1, 300}, 1))
                    .isInstanceOf(ModelFormatException.class);
        }
    }
}
