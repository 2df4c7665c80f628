package org.ternlm.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.format.safetensors.SafetensorsFile;
import org.ternlm.format.safetensors.SafetensorsWriter;
import org.ternlm.tensor.DType;
import org.ternlm.tensor.Shape;
import org.ternlm.tensor.Tensor;

class SafetensorsWriterTest {
    @TempDir
    Path folder;

    private static List<Tensor> tensors() {
        Random random = new Random(1);
        List<Tensor> tensors = new ArrayList<>();
        for (DType type : DType.values()) {
            for (Shape shape : List.of(new Shape(), new Shape(3), new Shape(2, 5), new Shape(0, 4))) {
                byte[] bytes = new byte[Math.toIntExact(shape.elements() * type.bytes())];
                random.nextBytes(bytes);
                tensors.add(new Tensor("ü/" + type + shape, type, shape, MemorySegment.ofArray(bytes)));
            }
        }
        return tensors;
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Path path = folder.resolve("model.safetensors");
        SafetensorsWriter.write(path, tensors(), Map.of("format", "pt"));
        try (Arena arena = Arena.ofConfined()) {
            SafetensorsFile file = SafetensorsFile.open(path, arena);
            assertThat(file.metadata()).containsExactly(Map.entry("format", "pt"));
            List<Tensor> found = List.copyOf(file.tensors().values());
            assertThat(found).hasSameSizeAs(tensors());
            for (int i = 0; i < found.size(); i++) {
                Tensor expected = tensors().get(i);
                assertThat(found.get(i).name()).isEqualTo(expected.name());
                assertThat(found.get(i).type()).isEqualTo(expected.type());
                assertThat(found.get(i).shape()).isEqualTo(expected.shape());
                assertThat(found.get(i).data().mismatch(expected.data())).isEqualTo(-1);
            }
        }
        assertThat(Files.readAllBytes(path)[0] % 8).as("the data is aligned").isZero();
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        Path path = folder.resolve("old");
        Files.writeString(path, "old");
        assertThatThrownBy(() -> AtomicFile.write(path, aside -> {
            Files.writeString(aside, "half of the n");
            throw new IOException("disk full");
        })).hasMessage("disk full");
        assertThat(path).hasContent("old");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(path);
        }
    }

    @Test
    void refusesTwoTensorsOfOneName() {
        Tensor tensor = tensors().getFirst();
        assertThatThrownBy(() -> SafetensorsWriter.write(folder.resolve("twice"), List.of(tensor, tensor), Map.of()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(tensor.name());
    }
}
