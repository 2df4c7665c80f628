package org.ternlm.format.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.format.ModelFormatException;
import org.ternlm.tensor.Shape;

class GgufFileTest {

    @TempDir
    Path scratch;
    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void close() {
        arena.close();
    }

    private GgufFile open(GgufBuilder builder) throws IOException {
        return GgufFile.open(builder.write(scratch.resolve("test.gguf")), arena);
    }

    private static GgufTensor tensor(GgufFile file, String name) {
        return Objects.requireNonNull(file.tensors().get(name));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void readsBothVersions(int version) throws IOException {
        GgufFile file = open(new GgufBuilder().version(version).put("a", 7)
                .tensor("x", new float[] {1, 2, 3, 4, 5, 6}, 3, 2));
        assertThat(file.version()).isEqualTo(version);
        assertThat(file.metadata().whole("a")).isEqualTo(7);
        GgufTensor x = tensor(file, "x");
        assertThat(x.shape()).isEqualTo(new Shape(2, 3));
        assertThat(x.data().toArray(ValueLayout.JAVA_FLOAT)).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void readsEveryTypeOfMetadata() throws IOException {
        GgufMetadata metadata = open(new GgufBuilder().put("u8", 0, new byte[] {(byte) 0xff})
                .put("i8", 1, new byte[] {(byte) 0xff}).put("u16", 2, new byte[] {(byte) 0xfe, (byte) 0xff})
                .put("i16", 3, new byte[] {(byte) 0xfe, (byte) 0xff}).put("u32", -2)
                .put("i32", 5, GgufBuilder.bytes(4).putInt(-2).array()).put("f32", 0.5f).put("true", true)
                .put("false", false).put("text", "ä\n🦤").put("u64", 10, GgufBuilder.bytes(8).putLong(1L << 62).array())
                .put("i64", 11, GgufBuilder.bytes(8).putLong(-9).array())
                .put("f64", 12, GgufBuilder.bytes(8).putDouble(1e300).array()).put("texts", List.of("", "b", "ß"))
                .put("i32s", new int[] {-1, 5}).put("f32s", new float[] {1.5f, -2})).metadata();
        assertThat(metadata.whole("u8")).isEqualTo(255);
        assertThat(metadata.whole("i8")).isEqualTo(-1);
        assertThat(metadata.whole("u16")).isEqualTo(65_534);
        assertThat(metadata.whole("i16")).isEqualTo(-2);
        assertThat(metadata.whole("u32")).isEqualTo(4_294_967_294L);
        assertThat(metadata.whole("i32")).isEqualTo(-2);
        assertThat(metadata.whole("u64")).isEqualTo(1L << 62);
        assertThat(metadata.whole("i64")).isEqualTo(-9);
        assertThat(metadata.number("f32")).isEqualTo(0.5);
        assertThat(metadata.number("f64")).isEqualTo(1e300);
        assertThat(metadata.flag("true", false)).isTrue();
        assertThat(metadata.flag("false", true)).isFalse();
        assertThat(metadata.text("text")).isEqualTo("ä\n🦤");
        assertThat(metadata.texts("texts")).containsExactly("", "b", "ß");
        assertThat(metadata.optionalWholes("i32s", 2)).hasValue(new int[] {-1, 5});
        assertThat(metadata.reals("f32s", 2)).containsExactly(1.5f, -2);
        assertThat(metadata.keys()).hasSize(16).startsWith("u8", "i8");
    }

    @Test
    void saysWhatIsMissingOrOfAnotherType() throws IOException {
        GgufMetadata metadata = open(new GgufBuilder().put("text", "x").put("i32s", new int[] {1, 2})).metadata();
        assertThatThrownBy(() -> metadata.whole("none")).hasMessageEndingWith(
                "test.gguf: none: expected an integer, found nothing");
        assertThatThrownBy(() -> metadata.whole("text")).hasMessageEndingWith("expected an integer, found \"x\"");
        assertThatThrownBy(() -> metadata.text("i32s")).hasMessageEndingWith(
                "expected a string, found an array of 2 I32");
        assertThatThrownBy(() -> metadata.optionalWholes("i32s", 3)).hasMessageEndingWith(
                "expected an array of 3 integers, found an array of 2 I32");
        assertThatThrownBy(() -> metadata.reals("i32s", 2)).hasMessageContaining("expected an array of 2 floats");
        assertThat(metadata.optionalWhole("none")).isEmpty();
        assertThat(metadata.flag("none", true)).isTrue();
    }

    @Test
    void readsArraysOfArrays() throws IOException {
        byte[] inner = GgufBuilder.bytes(12 + 2).putInt(0).putLong(2).put((byte) 3).put((byte) 4).array();
        byte[] outer = GgufBuilder.bytes(12 + 14).putInt(9).putLong(1).put(inner).array();
        GgufValue value = open(new GgufBuilder().put("nested", 9, outer)).metadata().values().get("nested");
        assertThat(value).isInstanceOfSatisfying(GgufValue.Arrays.class, arrays -> assertThat(arrays.values())
                .singleElement().isInstanceOfSatisfying(GgufValue.Numbers.class, numbers -> {
                    assertThat(numbers.whole(0)).isEqualTo(3);
                    assertThat(numbers.whole(1)).isEqualTo(4);
                }));
    }

    @Test
    void alignsByTheMetadata() throws IOException {
        GgufFile file = open(new GgufBuilder().put("general.alignment", 256).alignment(256)
                .tensor("a", new float[] {1}, 1).tensor("b", new float[] {2, 3}, 2));
        assertThat(tensor(file, "b").data().toArray(ValueLayout.JAVA_FLOAT)).containsExactly(2, 3);
    }

    @ParameterizedTest
    @EnumSource
    void sizesEveryType(GgufType type) throws IOException {
        int columns = 2 * type.blockWeights();
        byte[] data = new byte[(int) type.byteSize(3, columns)];
        GgufFile file = open(new GgufBuilder().tensor("a", type, data, columns, 3).tensor("b", new float[] {9}, 1));
        assertThat(tensor(file, "a").data().byteSize()).isEqualTo(data.length);
        assertThat(tensor(file, "b").data().toArray(ValueLayout.JAVA_FLOAT)).containsExactly(9);
        assertThat(tensor(file, "a").type()).isEqualTo(type);
        // A tensor that is a byte larger or smaller than its type allows is noticed at the one behind it.
        MemorySegment wrong = MemorySegment.ofArray(new byte[data.length + 32]);
        assertThatThrownBy(() -> open(new GgufBuilder().tensor("a", type, wrong.toArray(ValueLayout.JAVA_BYTE),
                columns, 3).tensor("b", new float[] {9}, 1))).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("b: expected data from byte");
    }

    /// From the layouts as they are specified, for rows of 256.
    @Test
    void knowsTheBytesOfARow() {
        assertThat(GgufType.F32.byteSize(1, 256)).isEqualTo(1024);
        assertThat(GgufType.BF16.byteSize(1, 256)).isEqualTo(512);
        assertThat(GgufType.Q4_0.byteSize(1, 256)).isEqualTo(8 * (2 + 16));
        assertThat(GgufType.Q8_0.byteSize(1, 256)).isEqualTo(8 * (2 + 32));
        assertThat(GgufType.Q6_K.byteSize(1, 256)).isEqualTo(128 + 64 + 16 + 2);
        assertThat(GgufType.TQ1_0.byteSize(1, 256)).isEqualTo(48 + 4 + 2);
        assertThat(GgufType.TQ2_0.byteSize(1, 256)).isEqualTo(64 + 2);
        assertThat(GgufType.I2_S.byteSize(5, 256)).isEqualTo(5 * 64 + 32);
        assertThat(GgufType.Q1_0.byteSize(1, 256)).isEqualTo(2 * (2 + 16));
        assertThat(GgufType.Q2_0.byteSize(1, 256)).isEqualTo(4 * (2 + 16));
        assertThat(GgufType.IQ1_BN.byteSize(5, 256)).isEqualTo(5 * (2 + 4 * 13));
        assertThat(GgufType.IQ2_BN.byteSize(5, 256)).isEqualTo(5 * (4 + 4 * 16));
    }

    @Test
    void holdsVocabulariesWithoutTensors() throws IOException {
        assertThat(open(new GgufBuilder().put("a", 1)).tensors()).isEmpty();
        assertThat(open(new GgufBuilder()).metadata().keys()).isEmpty();
    }
}
