package org.ternlm.format.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.tensor.Shape;

/// What is written is read back, and a failure leaves the old file.
class GgufWriterTest {
    @TempDir
    Path folder;

    private static GgufEntries entries() {
        return new GgufEntries().put("general.architecture", "llama").put("text", "ü \n \u0000 ▁").put("empty", "")
                .put("zero", 0).put("largest", 0xFFFF_FFFFL).put("negative", -7).put("long", 1L << 40)
                .put("long negative", Long.MIN_VALUE).put("real", 0.5).put("double", 0.1).put("minus zero", -0.0)
                .put("yes", true).put("no", false).put("texts", List.of("a", "", "ß", "▁▁"))
                .put("wholes", new int[] {1, -1, Integer.MIN_VALUE}).put("reals", new float[] {1.5f, -0f, 1e-30f})
                .put("none", List.of());
    }

    private static byte[] random(Random random, long size) {
        byte[] bytes = new byte[Math.toIntExact(size)];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void metadataComeBack() throws IOException {
        Path path = folder.resolve("m.gguf");
        new GgufWriter(entries()).write(path);
        try (Arena arena = Arena.ofConfined()) {
            GgufMetadata metadata = GgufFile.open(path, arena).metadata();
            assertThat(metadata.keys()).containsExactly("general.architecture", "text", "empty", "zero", "largest",
                    "negative", "long", "long negative", "real", "double", "minus zero", "yes", "no", "texts", "wholes",
                    "reals", "none");
            assertThat(metadata.text("text")).isEqualTo("ü \n \u0000 ▁");
            assertThat(metadata.text("empty")).isEmpty();
            assertThat(List.of(metadata.whole("zero"), metadata.whole("largest"), metadata.whole("negative"), metadata
                    .whole("long"), metadata.whole("long negative"))).containsExactly(0L, 0xFFFF_FFFFL, -7L, 1L << 40,
                            Long.MIN_VALUE);
            assertThat(List.of(metadata.number("real"), metadata.number("double"), metadata.number("minus zero")))
                    .containsExactly(0.5, 0.1, -0.0);
            assertThat(metadata.flag("yes", false)).isTrue();
            assertThat(metadata.flag("no", true)).isFalse();
            assertThat(metadata.texts("texts")).containsExactly("a", "", "ß", "▁▁");
            assertThat(metadata.texts("none")).isEmpty();
            assertThat(metadata.optionalWholes("wholes", 3)).hasValue(new int[] {1, -1, Integer.MIN_VALUE});
            assertThat(metadata.reals("reals", 3)).containsExactly(1.5f, -0f, 1e-30f);
        }
    }

    /// What another file says goes on as it is, nested arrays and all types of numbers included.
    @Test
    void valuesOfAnotherFileAreCopied() throws IOException {
        byte[] nested = GgufBuilder.bytes(4 + 8 + 4 + 8 + 2 + 4 + 8).putInt(9).putLong(2).putInt(0).putLong(2)
                .put((byte) 5).put((byte) 6).putInt(7).putLong(0).array();
        GgufBuilder builder = new GgufBuilder().put("nested", 9, nested)
                .put("texts", List.of("x", "▁y")).put("reals", new float[] {2, 3})
                .put("doubles", 9, GgufBuilder.bytes(20).putInt(12).putLong(1).putDouble(0.1).array())
                .put("byte", 1, new byte[] {-3}).put("text", "ä").put("id", 9).put("epsilon", 1e-5f).put("flag", true);
        Path source = builder.write(folder.resolve("source.gguf"));
        Path copy = folder.resolve("copy.gguf");
        try (Arena arena = Arena.ofConfined()) {
            GgufEntries entries = new GgufEntries();
            Map<String, GgufValue> values = GgufFile.open(source, arena).metadata().values();
            values.forEach(entries::put);
            new GgufWriter(entries).write(copy);
            assertThat(kinds(GgufFile.open(copy, arena))).isEqualTo(kinds(GgufFile.open(source, arena)));
            GgufMetadata metadata = GgufFile.open(copy, arena).metadata();
            assertThat(metadata.texts("texts")).containsExactly("x", "▁y");
            assertThat(metadata.reals("reals", 2)).containsExactly(2, 3);
            assertThat(metadata.number("epsilon")).isEqualTo(1e-5f);
            assertThat(metadata.values().get("nested")).isInstanceOfSatisfying(GgufValue.Arrays.class,
                    arrays -> assertThat(arrays.values().getFirst()).isInstanceOfSatisfying(GgufValue.Numbers.class,
                            numbers -> assertThat(numbers.whole(1)).isEqualTo(6)));
        }
    }

    private static Map<String, String> kinds(GgufFile file) {
        Map<String, String> kinds = new LinkedHashMap<>();
        file.metadata().values().forEach((key, value) -> kinds.put(key, value.kind()));
        return kinds;
    }

    @Test
    void tensorsOfEveryTypeComeBackInAnyNumberOfParts() throws IOException {
        Random random = new Random(5);
        GgufWriter writer = new GgufWriter(entries());
        Map<String, byte[]> expected = new LinkedHashMap<>();
        for (GgufType type : GgufType.values()) {
            for (int rows : new int[] {1, 3, 5}) {
                Shape shape = new Shape(rows, 2L * type.blockWeights());
                byte[] data = random(random, type.byteSize(rows, shape.dimension(1)));
                String name = type + "." + rows;
                expected.put(name, data);
                writer.add(name, type, shape, sink -> {
                    int cut = data.length / rows;
                    sink.accept(MemorySegment.ofArray(data).asSlice(0, cut));
                    sink.accept(MemorySegment.ofArray(data).asSlice(cut));
                });
            }
        }
        writer.add("norm", GgufType.F32, new Shape(3), sink -> sink.accept(MemorySegment.ofArray(new byte[12])));
        Path path = folder.resolve("tensors.gguf");
        writer.write(path);
        try (Arena arena = Arena.ofConfined()) {
            GgufFile file = GgufFile.open(path, arena);
            assertThat(file.version()).isEqualTo(3);
            assertThat(file.tensors()).hasSize(expected.size() + 1);
            assertThat(tensor(file, "norm").shape()).isEqualTo(new Shape(3));
            expected.forEach((name, data) -> {
                GgufTensor tensor = tensor(file, name);
                assertThat(name).isEqualTo(tensor.type() + "." + tensor.shape().dimension(0));
                assertThat(tensor.data().mismatch(MemorySegment.ofArray(data))).as(name).isEqualTo(-1);
                assertThat((tensor.data().address() - tensor(file, "F32.1").data().address()) % 32).isZero();
            });
            assertThat(writer.dataSize()).isEqualTo(12 + expected.values().stream().mapToLong(d -> d.length).sum());
        }
    }

    private static GgufTensor tensor(GgufFile file, String name) {
        return Objects.requireNonNull(file.tensors().get(name), name);
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
        Path path = Files.writeString(folder.resolve("old.gguf"), "old");
        GgufWriter writer = new GgufWriter(entries());
        writer.add("a", GgufType.F32, new Shape(4), sink -> sink.accept(MemorySegment.ofArray(new byte[16])));
        writer.add("b", GgufType.F32, new Shape(4), _ -> {
            throw new IOException("disk full");
        });
        assertThatThrownBy(() -> writer.write(path)).hasMessage("disk full");
        assertThat(path).hasContent("old");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(path);
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        GgufWriter writer = new GgufWriter(entries());
        writer.add("a", GgufType.F32, new Shape(4), sink -> sink.accept(MemorySegment.ofArray(new byte[12])));
        assertThatThrownBy(() -> writer.add("a", GgufType.F32, new Shape(4), _ -> {})).hasMessageContaining("named a");
        assertThatThrownBy(() -> writer.add("t", GgufType.TQ1_0, new Shape(2, 384), _ -> {}))
                .hasMessage("t: TQ1_0 needs rows of a multiple of 256 weights, found [2, 384]");
        assertThatThrownBy(() -> writer.write(folder.resolve("x.gguf"))).isInstanceOf(IllegalStateException.class)
                .hasMessage("a: F32 [4] takes 16 bytes, got 12");
        assertThat(folder).isEmptyDirectory();
        assertThatThrownBy(() -> entries().put("yes", 1)).hasMessageContaining("two values of the key yes");
    }
}
