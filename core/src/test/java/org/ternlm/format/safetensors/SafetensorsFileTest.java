package org.ternlm.format.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.huggingface.ModelFolder;
import org.ternlm.tensor.DType;
import org.ternlm.tensor.Shape;
import org.ternlm.tensor.Tensor;

/// Sound files; damaged ones have a test of their own, through the whole program.
class SafetensorsFileTest {
    @TempDir
    Path folder;

    /// Writes a file with ' for " in its header.
    private Path write(String name, String header, int... data) throws IOException {
        byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json);
        for (int value : data) {
            bytes.put((byte) value);
        }
        return Files.write(folder.resolve(name), bytes.array());
    }

    @Test
    void findsTensorsWhereTheyLieBehindTheHeader() throws IOException {
        Path path = write("two.safetensors", "{'__metadata__': {'format': 'pt'}, 'b': {'dtype': 'F16', 'shape': [1, 2],"
                + " 'data_offsets': [3, 7]}, 'a': {'dtype': 'U8', 'shape': [3], 'data_offsets': [0, 3]}}  ", 7, 8, 9,
                0, 0x3C, 0, 0xC0);
        try (Arena arena = Arena.ofConfined()) {
            SafetensorsFile file = SafetensorsFile.open(path, arena);
            assertThat(file.metadata()).containsEntry("format", "pt").hasSize(1);
            assertThat(file.tensors()).containsOnlyKeys("a", "b");
            Tensor a = Objects.requireNonNull(file.tensors().get("a"));
            Tensor b = Objects.requireNonNull(file.tensors().get("b"));
            assertThat(a.type()).isEqualTo(DType.U8);
            assertThat(a.data().toArray(ValueLayout.JAVA_BYTE)).containsExactly(7, 8, 9);
            assertThat(b.shape()).isEqualTo(new Shape(1, 2));
            assertThat(b.floats()).containsExactly(1, -2);
        }
    }

    @Test
    void holdsEmptyTensorsAndScalarsAndNothing() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            SafetensorsFile file = SafetensorsFile.open(write("odd.safetensors",
                    "{'none': {'dtype': 'F32', 'shape': [0, 4], 'data_offsets': [0, 0]},"
                            + " 'one': {'dtype': 'BF16', 'shape': [], 'data_offsets': [0, 2]}}",
                    0x80, 0x3F), arena);
            assertThat(Objects.requireNonNull(file.tensors().get("none")).floats()).isEmpty();
            assertThat(Objects.requireNonNull(file.tensors().get("one")).floats()).containsExactly(1);
            assertThat(SafetensorsFile.open(write("empty.safetensors", "{}"), arena).tensors()).isEmpty();
        }
    }

    @Test
    void readsAFolderOfSeveralFiles() throws IOException {
        write("one.safetensors", "{'a': {'dtype': 'U8', 'shape': [1], 'data_offsets': [0, 1]}}", 5);
        write("two.safetensors", "{'b': {'dtype': 'U8', 'shape': [1], 'data_offsets': [0, 1]},"
                + " 'not in the index': {'dtype': 'U8', 'shape': [1], 'data_offsets': [1, 2]}}", 6, 7);
        Files.writeString(folder.resolve("config.json"), "{}");
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, "{\"weight_map\": {\"b\": \"two.safetensors\", \"a\": \"one.safetensors\"}}");
        try (Arena arena = Arena.ofConfined()) {
            ModelFolder model = ModelFolder.open(folder, arena);
            assertThat(model.tensors()).containsOnlyKeys("a", "b");
            assertThat(Objects.requireNonNull(model.tensor("b")).data().get(ValueLayout.JAVA_BYTE, 0))
                    .isEqualTo((byte) 6);
            assertThat(model.tensor("c")).isNull();
        }
        for (String outside : new String[] {"../one.safetensors", "/etc/passwd", "sub/one.safetensors", "", ".."}) {
            Files.writeString(index, "{\"weight_map\": {\"a\": \"" + outside + "\"}}");
            try (Arena arena = Arena.ofConfined()) {
                assertThatThrownBy(() -> ModelFolder.open(folder, arena)).isInstanceOf(ModelFormatException.class)
                        .hasMessageContaining("expected files beside it, found " + outside);
            }
        }
    }
}
