package org.ternlm.format.safetensors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ternlm.format.JsonFile;
import org.ternlm.format.MappedFile;
import org.ternlm.format.ModelFormatException;
import org.ternlm.tensor.DType;
import org.ternlm.tensor.Shape;
import org.ternlm.tensor.Tensor;

/// A safetensors file, memory-mapped.
///
/// ```
/// 0        8                    8 + n
/// ├────────┼─────────────────────┼───────────────────────────────
/// │ n: u64 │ header: n bytes JSON │ data: the tensors, end to end
/// ```
///
/// The header maps each name to `{"dtype": …, "shape": […], "data_offsets": [begin, end]}`, offsets counted from the
/// start of the data; `__metadata__` maps strings to strings. Checked before anything is used: sizes, types, shapes, and
/// that tensors neither overlap nor leave gaps nor reach past the end (as the format demands).
///
/// Immutable; the tensors are views of the mapped file and live as long as its arena.
public final class SafetensorsFile {
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long LARGEST_HEADER = 100_000_000;
    private static final int MOST_DIMENSIONS = 16;
    private static final String METADATA = "__metadata__";

    private final MappedFile file;
    private final Map<String, Tensor> tensors;
    private final Map<String, String> metadata;

    private SafetensorsFile(MappedFile file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        this.file = file;
        this.tensors = Collections.unmodifiableMap(tensors);
        this.metadata = Map.copyOf(metadata);
    }

    /// Maps `path` until `arena` closes.
    ///
    /// @throws ModelFormatException
    ///             if the file is missing or is not sound
    public static SafetensorsFile open(Path path, Arena arena) {
        MappedFile file = MappedFile.map(path, arena);
        long headerBytes = headerBytes(file);
        byte[] json = file.slice(8, headerBytes, "header").toArray(ValueLayout.JAVA_BYTE);
        ObjectNode header = JsonFile.parse(json, path, "header");
        MemorySegment data = file.bytes().asSlice(8 + headerBytes);
        Map<String, String> metadata = metadata(header, path);
        List<Entry> entries = new ArrayList<>();
        header.properties().forEach(property -> {
            if (!property.getKey().equals(METADATA)) {
                entries.add(Entry.read(property.getKey(), property.getValue(), path));
            }
        });
        checkCoverage(entries, data.byteSize(), path);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Entry entry : entries) {
            tensors.put(entry.name, new Tensor(entry.name, entry.type, entry.shape,
                    data.asSlice(entry.begin, entry.end - entry.begin)));
        }
        return new SafetensorsFile(file, tensors, metadata);
    }

    /// Where the file is.
    public Path path() {
        return file.path();
    }

    /// All tensors by name, in the order of the header.
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    /// The header's own strings, for example `format`.
    public Map<String, String> metadata() {
        return metadata;
    }

    private static long headerBytes(MappedFile file) {
        long size = file.bytes().byteSize();
        if (size < 8) {
            throw ModelFormatException.in(file.path()).expected("a safetensors file").found(size + " bytes")
                    .problem();
        }
        long headerBytes = file.bytes().get(U64, 0);
        if (headerBytes < 2 || headerBytes > LARGEST_HEADER || headerBytes > size - 8) {
            throw ModelFormatException.in(file.path()).at("header length")
                    .expected("2 to " + Math.min(LARGEST_HEADER, size - 8))
                    .found(Long.toUnsignedString(headerBytes))
                    .hint("cut short, or not a safetensors file").problem();
        }
        return headerBytes;
    }

    private static Map<String, String> metadata(ObjectNode header, Path path) {
        Map<String, String> metadata = new LinkedHashMap<>();
        JsonNode node = header.get(METADATA);
        if (node != null) {
            if (!node.isObject()) {
                throw ModelFormatException.in(path).at(METADATA).expected("an object").found(node).problem();
            }
            node.properties().forEach(property -> metadata.put(property.getKey(), property.getValue().asText()));
        }
        return metadata;
    }

    private static void checkCoverage(List<Entry> entries, long dataBytes, Path path) {
        List<Entry> byOffset = new ArrayList<>(entries);
        byOffset.sort(Comparator.comparingLong((Entry entry) -> entry.begin).thenComparingLong(entry -> entry.end));
        long next = 0;
        for (Entry entry : byOffset) {
            if (entry.begin != next) {
                throw ModelFormatException.in(path).at(entry.name).expected("data from byte " + next)
                        .found("from byte " + entry.begin)
                        .hint(entry.begin < next ? "tensors overlap" : "a gap between tensors").problem();
            }
            next = entry.end;
        }
        if (next != dataBytes) {
            throw ModelFormatException.in(path).expected(next + " bytes of tensors").found(dataBytes)
                    .hint(dataBytes < next
                            ? "the file is cut short: download or copy it again"
                            : "bytes after the last tensor")
                    .problem();
        }
    }

    /// One line of the header, checked for itself.
    private record Entry(String name, DType type, Shape shape, long begin, long end) {

        static Entry read(String name, JsonNode node, Path path) {
            JsonNode typeName = node.path("dtype");
            DType type = DType.named(typeName.asText()).orElseThrow(() -> ModelFormatException.in(path).at(name)
                    .expected("a dtype that Tern knows").found(typeName.isMissingNode() ? "none" : typeName)
                    .problem());
            Shape shape = shape(name, node.path("shape"), path);
            JsonNode offsets = node.path("data_offsets");
            if (!offsets.isArray() || offsets.size() != 2 || !offsets.get(0).canConvertToLong()
                    || !offsets.get(1).canConvertToLong()) {
                throw ModelFormatException.in(path).at(name).expected("two data_offsets").found(offsets).problem();
            }
            long begin = offsets.get(0).asLong();
            long end = offsets.get(1).asLong();
            checkBytes(name, type, shape, begin, end, path);
            return new Entry(name, type, shape, begin, end);
        }

        private static void checkBytes(String name, DType type, Shape shape, long begin, long end, Path path) {
            try {
                long needed = Math.multiplyExact(shape.elements(), type.bytes());
                if (begin >= 0 && end >= begin && end - begin == needed) {
                    return;
                }
                throw ModelFormatException.in(path).at(name)
                        .expected("%d bytes for %s %s".formatted(needed, type, shape))
                        .found("data_offsets [%d, %d]".formatted(begin, end)).problem();
            } catch (ArithmeticException e) {
                throw ModelFormatException.in(path).at(name).expected("a shape of a possible size").found(shape)
                        .cause(e).problem();
            }
        }

        private static Shape shape(String name, JsonNode node, Path path) {
            boolean sound = node.isArray() && node.size() <= MOST_DIMENSIONS;
            long[] dimensions = new long[sound ? node.size() : 0];
            for (int i = 0; sound && i < dimensions.length; i++) {
                sound = node.get(i).isIntegralNumber() && node.get(i).canConvertToLong() && node.get(i).asLong() >= 0;
                dimensions[i] = node.get(i).asLong();
            }
            try {
                if (sound) {
                    return new Shape(dimensions);
                }
            } catch (ArithmeticException e) {
                // Falls through: an overflowing product is as impossible as a negative dimension.
            }
            throw ModelFormatException.in(path).at(name).expected("a shape of a possible size").found(node).problem();
        }
    }
}
