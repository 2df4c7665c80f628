package org.ternlm.format.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ternlm.format.MappedFile;
import org.ternlm.format.ModelFormatException;

/// Walks through the header of a GGUF file: counts, metadata, and what is said about tensors. Nothing is read or
/// allocated before the file is known to hold it. Not thread-safe.
final class GgufReader {
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int MAGIC = 0x46554747;
    private static final int DEEPEST_ARRAY = 4;
    private static final int MOST_DIMENSIONS = 4;
    /// A key of one letter, its type, a value of one byte.
    private static final int SMALLEST_ENTRY = 8 + 1 + 4 + 1;
    /// A name of one letter, the number of dimensions, one of them, a type, an offset.
    private static final int SMALLEST_TENSOR = 8 + 1 + 4 + 8 + 4 + 8;
    private static final int LONGEST_NAME = 1_000;
    private static final String CUT_SHORT = "the file may be cut short: download or copy it again";

    private final MappedFile file;
    private final MemorySegment bytes;
    private long at;
    private int version;
    private int tensorCount;
    private int entryCount;

    GgufReader(MappedFile file) {
        this.file = file;
        bytes = file.bytes();
    }

    /// What the header says about a tensor.
    ///
    /// @param dimensions innermost first
    /// @param offset from where the data start
    record Entry(String name, long[] dimensions, long type, long offset) {}

    /// Reads magic number, version and counts.
    void readStart() {
        if (bytes.byteSize() < 4 || bytes.get(U32, 0) != MAGIC) {
            throw problem("start").expected("the letters GGUF").found(startOfFile()).hint("not a GGUF file")
                    .problem();
        }
        at = 4;
        version = u32("version");
        int swapped = Integer.reverseBytes(version);
        if (swapped == 2 || swapped == 3) {
            throw problem("version").expected("a little-endian file").found("a big-endian one of version " + swapped)
                    .hint("convert again for a little-endian machine").problem();
        }
        if (version != 2 && version != 3) {
            throw problem("version").expected("2 or 3").found(Integer.toUnsignedString(version))
                    .hint("convert again from the original weights").problem();
        }
        tensorCount = count("number of tensors", SMALLEST_TENSOR);
        entryCount = count("number of metadata entries", SMALLEST_ENTRY);
    }

    int version() {
        return version;
    }

    /// Where the header ends, once everything is read.
    long position() {
        return at;
    }

    /// The metadata, in the order of the file.
    Map<String, GgufValue> readMetadata() {
        Map<String, GgufValue> metadata = new LinkedHashMap<>();
        for (int i = 0; i < entryCount; i++) {
            String key = name("key of metadata entry " + i);
            GgufValue value = value(type(key), key, 0);
            if (metadata.put(key, value) != null) {
                throw problem(key).expected("each key once").found("it again").problem();
            }
        }
        return metadata;
    }

    /// What is said about the tensors, in the order of the file.
    List<Entry> readEntries() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < tensorCount; i++) {
            String name = name("name of tensor " + i);
            int rank = u32(name);
            if (rank < 1 || rank > MOST_DIMENSIONS) {
                throw problem(name).expected("1 to " + MOST_DIMENSIONS + " dimensions")
                        .found(Integer.toUnsignedString(rank)).problem();
            }
            long[] dimensions = new long[rank];
            for (int d = 0; d < rank; d++) {
                dimensions[d] = u64(name);
            }
            entries.add(new Entry(name, dimensions, Integer.toUnsignedLong(u32(name)), u64(name)));
        }
        return entries;
    }

    private GgufValueType type(String place) {
        int id = u32(place);
        return GgufValueType.of(id).orElseThrow(() -> problem(place).expected("a type of value from 0 to 12")
                .found(Integer.toUnsignedString(id)).problem());
    }

    private GgufValue value(GgufValueType type, String place, int depth) {
        return switch (type) {
            case STRING -> new GgufValue.Text(string(place));
            case ARRAY -> array(place, depth + 1);
            default -> scalar(type, place);
        };
    }

    private GgufValue scalar(GgufValueType type, String place) {
        MemorySegment slice = take(type.bytes(), place);
        GgufValue value = type.scalar(slice, 0);
        if (type == GgufValueType.U64 && value instanceof GgufValue.Whole whole && whole.value() < 0) {
            throw problem(place).expected("a number below 2^63").found(Long.toUnsignedString(whole.value())).problem();
        }
        if (type == GgufValueType.BOOL && (slice.get(ValueLayout.JAVA_BYTE, 0) & ~1) != 0) {
            throw problem(place).expected("0 or 1 for false or true")
                    .found(Byte.toUnsignedInt(slice.get(ValueLayout.JAVA_BYTE, 0))).problem();
        }
        return value;
    }

    private GgufValue array(String place, int depth) {
        if (depth > DEEPEST_ARRAY) {
            throw problem(place).expected("arrays nested at most " + DEEPEST_ARRAY + " deep").found("deeper ones")
                    .problem();
        }
        GgufValueType type = type(place);
        if (type == GgufValueType.ARRAY) {
            int count = count(place, 4 + 8);
            List<GgufValue> values = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                values.add(array(place, depth + 1));
            }
            return new GgufValue.Arrays(values);
        }
        if (type == GgufValueType.STRING) {
            int count = count(place, 8);
            long start = at;
            for (int i = 0; i < count; i++) {
                string(place);
            }
            return new GgufValue.Texts(count, bytes.asSlice(start, at - start));
        }
        int count = count(place, type.bytes());
        return new GgufValue.Numbers(type, count, take((long) count * type.bytes(), place));
    }

    /// A number of things of which each takes at least `smallest` bytes of what is left of the file.
    private int count(String place, int smallest) {
        long count = u64(place);
        long most = Math.min(Integer.MAX_VALUE - 8, (bytes.byteSize() - at) / smallest);
        if (count < 0 || count > most) {
            throw problem(place).expected("a count of at most " + most + ", for which the file has room")
                    .found(Long.toUnsignedString(count)).hint(CUT_SHORT).problem();
        }
        return (int) count;
    }

    private String name(String place) {
        long start = at;
        MemorySegment name = string(place);
        try {
            if (name.byteSize() > 0 && name.byteSize() <= LONGEST_NAME) {
                return new GgufValue.Text(name).value();
            }
        } catch (CharacterCodingException e) {
            throw problem(place).expected("UTF-8").found("other bytes at " + start).cause(e).problem();
        }
        throw problem(place).expected("1 to " + LONGEST_NAME + " bytes").found(name.byteSize()).problem();
    }

    private MemorySegment string(String place) {
        return take(u64(place), place);
    }

    private int u32(String place) {
        return take(Integer.BYTES, place).get(U32, 0);
    }

    private long u64(String place) {
        return take(Long.BYTES, place).get(GgufValue.U64, 0);
    }

    private MemorySegment take(long length, String place) {
        if (length < 0 || length > bytes.byteSize() - at) {
            throw problem(place).expected("at most the %d bytes that are left of the file".formatted(bytes.byteSize()
                    - at)).found(Long.toUnsignedString(length) + " bytes from byte " + at).hint(CUT_SHORT).problem();
        }
        MemorySegment slice = bytes.asSlice(at, length);
        at += length;
        return slice;
    }

    private String startOfFile() {
        StringBuilder start = new StringBuilder();
        for (int i = 0; i < Math.min(4, bytes.byteSize()); i++) {
            start.append("%02x ".formatted(bytes.get(ValueLayout.JAVA_BYTE, i)));
        }
        return start.isEmpty() ? "an empty file" : "the bytes " + start.toString().strip();
    }

    private ModelFormatException.Problem problem(String place) {
        return ModelFormatException.in(file.path()).at(place);
    }
}
