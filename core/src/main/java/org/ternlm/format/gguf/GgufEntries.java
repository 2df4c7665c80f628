package org.ternlm.format.gguf;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ternlm.format.MappedFile;

/// The metadata of a GGUF file that is going to be written, in the order in which it was put here. Not thread-safe.
///
/// Whole numbers are stored as U32, as readers expect sizes and ids, where they fit; real ones as F32 where that is
/// exact.
public final class GgufEntries {
    private static final long LARGEST_U32 = 0xFFFF_FFFFL;

    private final Map<String, byte[]> values = new LinkedHashMap<>();

    /// Puts a string.
    public GgufEntries put(String key, String value) {
        return put(key, GgufValueType.STRING, string(value));
    }

    /// Puts a whole number.
    public GgufEntries put(String key, long value) {
        if (value >= 0 && value <= LARGEST_U32) {
            return put(key, GgufValueType.U32, bytes(4).putInt((int) value).array());
        }
        boolean fits = value == (int) value;
        return put(key, fits ? GgufValueType.I32 : GgufValueType.I64,
                fits ? bytes(4).putInt((int) value).array() : bytes(8).putLong(value).array());
    }

    /// Puts a real number.
    public GgufEntries put(String key, double value) {
        boolean fits = Double.compare((float) value, value) == 0;
        return put(key, fits ? GgufValueType.F32 : GgufValueType.F64,
                fits ? bytes(4).putFloat((float) value).array() : bytes(8).putDouble(value).array());
    }

    /// Puts true or false.
    public GgufEntries put(String key, boolean value) {
        return put(key, GgufValueType.BOOL, new byte[] {(byte) (value ? 1 : 0)});
    }

    /// Puts an array of strings.
    public GgufEntries put(String key, List<String> texts) {
        ByteArrayOutputStream array = arrayOf(GgufValueType.STRING, texts.size());
        texts.forEach(text -> array.writeBytes(string(text)));
        return put(key, GgufValueType.ARRAY, array.toByteArray());
    }

    /// Puts an array of integers of 32 bits.
    public GgufEntries put(String key, int[] wholes) {
        ByteArrayOutputStream array = arrayOf(GgufValueType.I32, wholes.length);
        ByteBuffer values = bytes(Integer.BYTES * wholes.length);
        values.asIntBuffer().put(wholes);
        array.writeBytes(values.array());
        return put(key, GgufValueType.ARRAY, array.toByteArray());
    }

    /// Puts an array of floats.
    public GgufEntries put(String key, float[] reals) {
        ByteArrayOutputStream array = arrayOf(GgufValueType.F32, reals.length);
        ByteBuffer values = bytes(Float.BYTES * reals.length);
        values.asFloatBuffer().put(reals);
        array.writeBytes(values.array());
        return put(key, GgufValueType.ARRAY, array.toByteArray());
    }

    /// Puts a value of another file. Arrays and strings keep their bytes; a single number becomes the type that [#put]
    /// chooses for it.
    public GgufEntries put(String key, GgufValue value) {
        return switch (value) {
            case GgufValue.Whole(long whole) -> put(key, whole);
            case GgufValue.Real(double real) -> put(key, real);
            case GgufValue.Flag(boolean flag) -> put(key, flag);
            case GgufValue.Text(MemorySegment text) -> put(key, GgufValueType.STRING, string(copied(text)));
            case GgufValue.Texts _,GgufValue.Numbers _,GgufValue.Arrays _ ->
                put(key, GgufValueType.ARRAY, array(value));
        };
    }

    /// Whether there is a value of that key.
    public boolean has(String key) {
        return values.containsKey(key);
    }

    int size() {
        return values.size();
    }

    /// What a reader of the file will find.
    ///
    /// @param path where it is going to be, for messages
    public GgufMetadata metadata(Path path) {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes(GgufWriter.start(0, values.size()));
        writeTo(header);
        GgufReader reader = new GgufReader(new MappedFile(path, MemorySegment.ofArray(header.toByteArray())));
        reader.readStart();
        return new GgufMetadata(path, reader.readMetadata());
    }

    /// All entries as a file has them.
    void writeTo(ByteArrayOutputStream header) {
        values.forEach((key, value) -> {
            header.writeBytes(string(key));
            header.writeBytes(value);
        });
    }

    private GgufEntries put(String key, GgufValueType type, byte[] value) {
        byte[] typed = bytes(Integer.BYTES + value.length).putInt(type.ordinal()).put(value).array();
        if (values.putIfAbsent(key, typed) != null) {
            throw new IllegalArgumentException("two values of the key " + key);
        }
        return this;
    }

    private static byte[] array(GgufValue value) {
        return switch (value) {
            case GgufValue.Texts texts -> {
                ByteArrayOutputStream array = arrayOf(GgufValueType.STRING, texts.count());
                array.writeBytes(copied(texts.bytes()));
                yield array.toByteArray();
            }
            case GgufValue.Numbers numbers -> {
                ByteArrayOutputStream array = arrayOf(numbers.type(), numbers.count());
                array.writeBytes(copied(numbers.bytes()));
                yield array.toByteArray();
            }
            case GgufValue.Arrays arrays -> {
                ByteArrayOutputStream array = arrayOf(GgufValueType.ARRAY, arrays.values().size());
                arrays.values().forEach(inner -> array.writeBytes(array(inner)));
                yield array.toByteArray();
            }
            case GgufValue.Whole _,GgufValue.Real _,GgufValue.Flag _,GgufValue.Text _ ->
                throw new IllegalArgumentException("no array: " + value.kind());
        };
    }

    private static ByteArrayOutputStream arrayOf(GgufValueType type, int count) {
        ByteArrayOutputStream array = new ByteArrayOutputStream();
        array.writeBytes(bytes(Integer.BYTES + Long.BYTES).putInt(type.ordinal()).putLong(count).array());
        return array;
    }

    private static byte[] copied(MemorySegment bytes) {
        return bytes.toArray(ValueLayout.JAVA_BYTE);
    }

    static byte[] string(String value) {
        return string(value.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] string(byte[] utf8) {
        return bytes(Long.BYTES + utf8.length).putLong(utf8.length).put(utf8).array();
    }

    /// Room for `length` bytes, little-endian.
    static ByteBuffer bytes(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
