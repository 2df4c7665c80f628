package org.ternlm.format.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ternlm.format.ModelFormatException;

/// Files that are not sound: one line that says where and what, nothing large allocated, no other exception.
class DamagedGgufTest {
    private static final long MOST_BYTES = 2_000_000;

    @TempDir
    Path scratch;

    private static GgufBuilder sound() {
        return new GgufBuilder().put("general.architecture", "llama").put("n", 3).put("words", List.of("a", "bc"))
                .put("numbers", new int[] {1, 2, 3}).put("flag", true).tensor("x", new float[64], 32, 2)
                .tensor("y", GgufType.Q2_0, new byte[2 * 18], 64, 2).tensor("z", new float[8], 8);
    }

    private static Arguments of(String name, byte[] file, String... message) {
        return Arguments.of(name, file, message);
    }

    private static Arguments of(String name, GgufBuilder file, String... message) {
        return of(name, file.build(), message);
    }

    private static byte[] array(int type, long count, int... content) {
        byte[] bytes = GgufBuilder.bytes(12 + content.length).putInt(type).putLong(count).array();
        for (int i = 0; i < content.length; i++) {
            bytes[12 + i] = (byte) content[i];
        }
        return bytes;
    }

    private static byte[] nested(int depth) {
        byte[] value = array(0, 1, 7);
        for (int i = 0; i < depth; i++) {
            value = GgufBuilder.bytes(12 + value.length).putInt(9).putLong(1).put(value).array();
        }
        return value;
    }

    static List<Arguments> headers() {
        byte[] sound = sound().build();
        byte[] longText = GgufBuilder.bytes(8).putLong(1L << 60).array();
        return List.of(of("an empty file", new byte[0], "start: expected the letters GGUF, found an empty file"),
                of("a ZIP", sound().magic(0x04034b50), "start: expected the letters GGUF", "50 4b 03 04"),
                of("no more than the magic", Arrays.copyOf(sound, 4), "version: expected at most the 0 bytes"),
                of("version 1", sound().version(1), "version: expected 2 or 3, found 1"),
                of("version 4 billion", sound().version(-1), "version: expected 2 or 3, found 4294967295"),
                of("big endian", sound().version(0x03000000), "version: expected a little-endian file, found a big-"),
                of("2^60 tensors", sound().tensorCount(1L << 60), "number of tensors: expected a count of at most"),
                of("2^64 - 2 tensors", sound().tensorCount(-2), "number of tensors", "found 18446744073709551614"),
                of("2^60 entries", sound().entryCount(1L << 60), "number of metadata entries: expected a count"),
                of("one entry too many", new GgufBuilder().put("a", 1).entryCount(2), "number of metadata entries"),
                of("an entry less", sound().entryCount(4), "flag: expected 1 to 4 dimensions, found 7"),
                of("the key of nothing", sound().put("", 1), "key of metadata entry 5: expected 1 to 1000 bytes"),
                of("a key twice", sound().put("n", 4), "n: expected each key once, found it again"),
                of("a type of value that is none", sound().put("odd", 13, new byte[8]),
                        "odd: expected a type of value"),
                of("a text of 2^60 bytes", new GgufBuilder().put("t", 8, longText), "t: expected at most the 0 bytes"),
                of("an array of 2^60 numbers", sound().put("big", 9, array(4, 1L << 60)), "big: expected a count"),
                of("an array of 2^60 texts", sound().put("big", 9, array(8, 1L << 60)), "big: expected a count"),
                of("an array of 2^60 arrays", sound().put("big", 9, array(9, 1L << 60)), "big: expected a count"),
                of("an array of a type that is none", sound().put("odd", 9, array(99, 1)), "odd: expected a type of"),
                of("arrays in arrays in arrays", sound().put("deep", 9, nested(4)), "deep: expected arrays nested at"),
                of("a flag of 2", sound().put("odd", 7, new byte[] {2}), "odd: expected 0 or 1", "found 2"),
                of("a number of 2^64 - 1", sound().put("odd", 10, GgufBuilder.bytes(8).putLong(-1).array()),
                        "odd: expected a number below 2^63, found 18446744073709551615"),
                of("an alignment of 0", sound().put("general.alignment", 0), "general.alignment: expected a power of"),
                of("an alignment of 33", sound().put("general.alignment", 33), "general.alignment", "found 33"),
                of("an alignment of 2 GB", sound().put("general.alignment", 1 << 31), "general.alignment"),
                of("an alignment that is a text", sound().put("general.alignment", "32"), "expected an integer"));
    }

    static List<Arguments> tensors() {
        byte[] sound = sound().build();
        return List.of(
                of("a tensor twice", sound().tensor("x", new float[1], 1), "x: expected each tensor once"),
                of("no dimension", sound().tensor("t", new float[0]), "t: expected 1 to 4 dimensions, found 0"),
                of("five dimensions", sound().tensor("t", new float[1], 1, 1, 1, 1, 1), "t: expected 1 to 4"),
                of("4 billion dimensions", huge(sound()), "expected 1 to 4 dimensions, found 4294967295"),
                of("a dimension of 0", sound().tensor("t", new float[0], 0, 3), "t: expected a shape of a possible"),
                of("a dimension of 2^64 - 32", sound().tensor("t", new float[0], -32, 3), "18446744073709551584, 3"),
                of("2^70 weights", sound().tensor("t", new float[0], 1L << 35, 1L << 35), "t: expected a shape of"),
                of("2^64 bytes", sound().tensor("t", new float[0], 1L << 31, 1L << 31), "t: expected a shape of"),
                of("2^61 bytes", sound().tensor("t", new float[0], 1L << 29, 1L << 30),
                        "t: expected 2305843009213693952"),
                of("rows of half a block", sound().tensor("t", GgufType.TQ2_0, new byte[66], 128, 2),
                        "t: expected rows of a multiple of 256 weights for TQ2_0, found 128"),
                of("a type of tensor that is none", sound().tensor("t", 99, -1, new byte[4], 1),
                        "t: expected a type that Tern reads, found the unknown type 99"),
                of("Q4_K", sound().tensor("t", 12, -1, new byte[144], 256), "found Q4_K (type 12) (convert again"),
                of("TL1", sound().tensor("t", 38, -1, new byte[96], 256), "found TL1 (type 38)",
                        "baked for one machine"),
                of("TL2", sound().tensor("t", 39, -1, new byte[96], 256), "found TL2 or MXFP4", "baked for one"),
                of("I8_S", sound().tensor("t", 37, -1, new byte[256], 256), "found I8_S (type 37)"),
                of("a misaligned tensor", sound().tensor("t", 0, 353, new byte[4], 1),
                        "t: expected data from byte 352"),
                of("a gap before a tensor", sound().tensor("t", 0, 384, new byte[4], 1), "a gap between tensors"),
                of("overlapping tensors", sound().tensor("t", 0, 320, new byte[4], 1), "expected data from byte"),
                of("a tensor at 2^63", sound().tensor("t", 0, Long.MIN_VALUE, new byte[4], 1),
                        "t: expected data from byte 0", "found from byte 9223372036854775808"),
                of("a tensor at 2^62", sound().tensor("t", 0, 1L << 62, new byte[4], 1), "t: expected data from byte"),
                of("a file cut in its data", Arrays.copyOf(sound, sound.length - 1), "z: expected 32 bytes for F32 [8]"
                        + ", found 31"),
                of("a file cut in its header", Arrays.copyOf(sound, 200), "cut short"),
                of("a file that goes on", Arrays.copyOf(sound, sound.length + 4096), "bytes behind the last tensor"),
                of("128 weights to a scale of Q2_0", new GgufBuilder()
                        .tensor("t", GgufType.Q2_0, new byte[32 * 34], 128, 32).tensor("u", new float[64], 64),
                        "u: expected data from byte 1152", "128 weights to a scale"),
                of("128 weights to the last scale of Q2_0", new GgufBuilder().tensor("t", GgufType.Q2_0,
                        new byte[32 * 34], 128, 32), "t: expected 1152 bytes for Q2_0 [32, 128], found 1088", "128"));
    }

    private static byte[] huge(GgufBuilder builder) {
        byte[] file = builder.tensor("many", new float[1], 1).build();
        String text = new String(file, StandardCharsets.ISO_8859_1);
        Arrays.fill(file, text.indexOf("many") + 4, text.indexOf("many") + 8, (byte) 0xff);
        return file;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"headers", "tensors"})
    void isRefusedInOneLine(String name, byte[] content, String[] message) throws IOException {
        Path file = Files.write(scratch.resolve("damaged.gguf"), content);
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();
        Throwable thrown = catchThrowable(() -> open(file));
        long allocated = memory.getCurrentThreadAllocatedBytes() - before;
        assertThat(thrown).as(name).isInstanceOf(ModelFormatException.class).message().contains("damaged.gguf: ")
                .contains(message).doesNotContain("\n").hasSizeLessThan(600);
        assertThat(allocated).isLessThan(MOST_BYTES);
    }

    private static void open(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            GgufFile.open(file, arena);
        }
    }

    @Test
    void theFileThatIsDamagedIsSound() throws IOException {
        open(Files.write(scratch.resolve("sound.gguf"), sound().build()));
        byte[] nested = new GgufBuilder().put("deep", 9, nested(3)).build();
        open(Files.write(scratch.resolve("nested.gguf"), nested));
    }

    @Test
    void namesThatAreNoUtf8AreRefused() throws IOException {
        byte[] file = new GgufBuilder().put("name", "text").build();
        file[24 + 8] = (byte) 0xff;
        Path path = Files.write(scratch.resolve("bytes.gguf"), file);
        assertThatThrownBy(() -> open(path)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("key of metadata entry 0: expected UTF-8");
    }

    @Test
    void aFolderOrNothingIsRefused() {
        assertThatThrownBy(() -> open(scratch)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("expected a file, found a folder");
        assertThatThrownBy(() -> open(scratch.resolve("none.gguf"))).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("found nothing there");
    }

    /// Every cut, and bytes changed at random: opens, or is refused; nothing else.
    @Test
    void neverFailsInAnotherWay() throws IOException {
        byte[] sound = sound().build();
        Path path = scratch.resolve("random.gguf");
        for (int length = 0; length < sound.length; length++) {
            Files.write(path, Arrays.copyOf(sound, length));
            assertThatThrownBy(() -> open(path)).isInstanceOf(ModelFormatException.class);
        }
        long seed = 20_261_122;
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = sound.clone();
            for (int k = random.nextInt(3); k >= 0; k--) {
                damaged[random.nextInt(400)] = random.nextBoolean() ? (byte) random.nextInt() : (byte) 0xff;
            }
            Files.write(path, damaged);
            try {
                open(path);
            } catch (ModelFormatException e) {
                refused++;
                assertThat(e.getMessage()).as("seed %d, round %d", seed, i).doesNotContain("\n");
            }
        }
        assertThat(refused).isGreaterThan(500);
    }
}
