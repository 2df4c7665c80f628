package org.ternlm.format.gguf;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ternlm.format.MappedFile;
import org.ternlm.format.ModelFormatException;
import org.ternlm.tensor.Shape;

/// A GGUF file of version 2 or 3, little-endian, memory-mapped.
///
/// ```
/// "GGUF" │ version: u32 │ tensors: u64 │ entries: u64
/// metadata: entries × { key: string, type: u32, value }
/// tensors:  tensors × { name: string, rank: u32, dimensions: u64 × rank, type: u32, offset: u64 }
/// padding to a multiple of the alignment
/// data:     the tensors, in the order of their offsets, each padded to a multiple of the alignment
///
/// string: length: u64, that many bytes      array: type: u32, length: u64, that many values
/// ```
///
/// Dimensions stand innermost first, offsets count from the start of the data, and the alignment is 32 unless
/// `general.alignment` says otherwise. Checked before anything is used: counts, lengths, types, shapes, that keys and
/// names are unique, and that each tensor takes exactly the place that its type and shape need. So a type that means
/// another layout to somebody else is noticed by its size.
///
/// Source: ggml, `docs/gguf.md`. Immutable; tensors and texts are views of the mapped file and live as long as its arena.
public final class GgufFile {
    private static final String ALIGNMENT = "general.alignment";
    private static final long USUAL_ALIGNMENT = 32;
    private static final long LARGEST_ALIGNMENT = 1 << 20;

    private final Path path;
    private final int version;
    private final GgufMetadata metadata;
    private final Map<String, GgufTensor> tensors;

    private GgufFile(Path path, int version, GgufMetadata metadata, Map<String, GgufTensor> tensors) {
        this.path = path;
        this.version = version;
        this.metadata = metadata;
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /// Whether `path` names a GGUF file, by its ending.
    public static boolean isNamed(Path path) {
        Path name = path.getFileName();
        return name != null && name.toString().endsWith(".gguf");
    }

    /// Maps `path` until `arena` closes.
    ///
    /// @throws ModelFormatException if the file is missing or is not sound, or holds a type that Tern does not read
    public static GgufFile open(Path path, Arena arena) {
        MappedFile file = MappedFile.map(path, arena);
        GgufReader reader = new GgufReader(file);
        reader.readStart();
        GgufMetadata metadata = new GgufMetadata(path, reader.readMetadata());
        List<Slot> slots = new ArrayList<>();
        reader.readEntries().forEach(entry -> slots.add(Slot.of(entry, path)));
        long alignment = alignment(metadata);
        long dataStart = Math.min(file.bytes().byteSize(), padded(reader.position(), alignment));
        checkPlaces(slots, alignment, file.bytes().byteSize() - dataStart, path);
        Map<String, GgufTensor> tensors = new LinkedHashMap<>();
        for (Slot slot : slots) {
            GgufTensor tensor = new GgufTensor(slot.name, slot.type, slot.shape,
                    file.slice(dataStart + slot.offset, slot.size, slot.name));
            if (tensors.put(slot.name, tensor) != null) {
                throw ModelFormatException.in(path).at(slot.name).expected("each tensor once").found("it again")
                        .problem();
            }
        }
        return new GgufFile(path, reader.version(), metadata, tensors);
    }

    private static long alignment(GgufMetadata metadata) {
        long alignment = metadata.optionalWhole(ALIGNMENT).orElse(USUAL_ALIGNMENT);
        if (alignment < 1 || alignment > LARGEST_ALIGNMENT || Long.bitCount(alignment) != 1) {
            throw metadata.wrong(ALIGNMENT, "a power of two, at most " + LARGEST_ALIGNMENT);
        }
        return alignment;
    }

    /// Each tensor must start where the one before it ends, but for padding, and all of them must lie in the file.
    private static void checkPlaces(List<Slot> slots, long alignment, long dataBytes, Path path) {
        List<Slot> byOffset = slots.stream().sorted(Comparator.comparingLong(Slot::offset)).toList();
        long next = 0;
        for (Slot slot : byOffset) {
            if (slot.offset != next) {
                throw ModelFormatException.in(path).at(slot.name)
                        .expected("data from byte " + next + ", where those before it end")
                        .found("from byte " + Long.toUnsignedString(slot.offset)).hint(hint(slot, next, byOffset))
                        .problem();
            }
            if (slot.size > dataBytes - slot.offset) {
                throw ModelFormatException.in(path).at(slot.name)
                        .expected("%d bytes for %s %s".formatted(slot.size, slot.type, slot.shape))
                        .found(Math.max(0, dataBytes - slot.offset)).hint(slot.type == GgufType.Q2_0
                                ? "cut short, or an early Q2_0 with 128 weights to a scale"
                                : "the file is cut short: download or copy it again")
                        .problem();
            }
            next = padded(slot.offset + slot.size, alignment);
        }
        if (dataBytes > next) {
            throw ModelFormatException.in(path).expected(next + " bytes of tensors").found(dataBytes)
                    .hint("bytes behind the last tensor, or a type that means another layout here").problem();
        }
    }

    private static String hint(Slot slot, long next, List<Slot> byOffset) {
        int index = byOffset.indexOf(slot);
        if (index > 0 && byOffset.get(index - 1).type == GgufType.Q2_0 && slot.offset < next) {
            return "the tensor before it is smaller than Q2_0 is: an early file with 128 weights to a scale?";
        }
        return slot.offset < next && slot.offset >= 0 ? "tensors overlap, or are misaligned" : "a gap between tensors";
    }

    /// Saturates where it would overflow, which no file reaches.
    private static long padded(long size, long alignment) {
        return size > Long.MAX_VALUE - alignment ? Long.MAX_VALUE : (size + alignment - 1) & -alignment;
    }

    /// Where the file is.
    public Path path() {
        return path;
    }

    /// 2 or 3.
    public int version() {
        return version;
    }

    /// The metadata.
    public GgufMetadata metadata() {
        return metadata;
    }

    /// All tensors by name, in the order of the header.
    public Map<String, GgufTensor> tensors() {
        return tensors;
    }

    /// How many tensors there are of each type, in words.
    public String types() {
        return tensors.values().stream()
                .collect(Collectors.groupingBy(GgufTensor::type, TreeMap::new,
                        Collectors.counting()))
                .entrySet().stream().map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    /// A tensor's place, checked for itself.
    private record Slot(String name, GgufType type, Shape shape, long offset, long size) {

        static Slot of(GgufReader.Entry entry, Path path) {
            GgufType type = GgufType.of(entry.type()).orElseThrow(() -> ModelFormatException.in(path).at(entry.name())
                    .expected("a type that Tern reads").found(GgufType.nameOf(entry.type()))
                    .hint(GgufType.hintFor(entry.type())).problem());
            long[] inner = entry.dimensions();
            long[] outer = new long[inner.length];
            for (int i = 0; i < inner.length; i++) {
                outer[inner.length - 1 - i] = inner[i];
                if (inner[i] < 1) {
                    throw impossible(entry, path);
                }
            }
            if (inner[0] % type.blockWeights() != 0) {
                throw ModelFormatException.in(path).at(entry.name())
                        .expected("rows of a multiple of %d weights for %s".formatted(type.blockWeights(), type))
                        .found(inner[0]).problem();
            }
            try {
                Shape shape = new Shape(outer);
                return new Slot(entry.name(), type, shape, entry.offset(),
                        type.byteSize(shape.elements() / inner[0], inner[0]));
            } catch (ArithmeticException e) {
                throw impossible(entry, path);
            }
        }

        private static ModelFormatException impossible(GgufReader.Entry entry, Path path) {
            return ModelFormatException.in(path).at(entry.name()).expected("a shape of a possible size")
                    .found(Arrays.stream(entry.dimensions()).mapToObj(Long::toUnsignedString)
                            .collect(Collectors.joining(", ", "[", "]")))
                    .problem();
        }
    }
}
