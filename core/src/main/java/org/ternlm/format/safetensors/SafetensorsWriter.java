package org.ternlm.format.safetensors;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ternlm.format.AtomicFile;
import org.ternlm.format.TensorContent;
import org.ternlm.tensor.DType;
import org.ternlm.tensor.Shape;
import org.ternlm.tensor.Tensor;

/// Writes safetensors files: tensors end to end in the order given, the header padded with spaces to a multiple of
/// eight bytes as the format asks, so that the data is aligned.
///
/// Atomic: the file appears complete or not at all. Streams: needs no memory of the tensors' size.
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;
    private static final long CHUNK = 1 << 26;

    private SafetensorsWriter() {}

    /// A tensor that is going to be written.
    ///
    /// @param content gives exactly the bytes that type and shape need
    public record Entry(String name, DType type, Shape shape, TensorContent content) {
        long size() {
            return Math.multiplyExact(shape.elements(), type.bytes());
        }
    }

    /// Writes `tensors` and `metadata` to `path`, over what was there.
    ///
    /// @throws IOException if the disk is full or the folder cannot be written; the old file is still there then
    /// @throws IllegalArgumentException if two tensors have one name
    public static void write(Path path, List<Tensor> tensors, Map<String, String> metadata) throws IOException {
        writeEntries(path, tensors.stream().map(tensor -> new Entry(tensor.name(), tensor.type(), tensor.shape(),
                TensorContent.of(tensor.data()))).toList(), metadata);
    }

    /// Writes tensors whose bytes are asked for when their turn comes.
    ///
    /// @throws IOException if the disk is full or the folder cannot be written; the old file is still there then
    /// @throws IllegalArgumentException if two tensors have one name
    /// @throws IllegalStateException if a content is not of the size that type and shape need
    public static void writeEntries(Path path, List<Entry> tensors, Map<String, String> metadata) throws IOException {
        byte[] header = header(tensors, metadata);
        AtomicFile.write(path, aside -> {
            try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
                ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).flip();
                writeAll(channel, length);
                writeAll(channel, ByteBuffer.wrap(header));
                for (Entry tensor : tensors) {
                    write(channel, tensor);
                }
            }
        });
    }

    private static byte[] header(List<Entry> tensors, Map<String, String> metadata) throws IOException {
        JsonMapper json = new JsonMapper();
        ObjectNode root = json.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode node = root.putObject("__metadata__");
            metadata.forEach(node::put);
        }
        Set<String> names = new HashSet<>();
        long offset = 0;
        for (Entry tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("two tensors are named " + tensor.name());
            }
            ObjectNode node = root.putObject(tensor.name());
            node.put("dtype", tensor.type().name());
            for (long dimension : tensor.shape().dimensions()) {
                node.withArray("shape").add(dimension);
            }
            node.withArray("shape");
            long end = Math.addExact(offset, tensor.size());
            node.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] text = json.writeValueAsBytes(root);
        byte[] padded = Arrays.copyOf(text, Math.ceilDiv(text.length, ALIGNMENT) * ALIGNMENT);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        return padded;
    }

    private static void write(FileChannel channel, Entry tensor) throws IOException {
        long start = channel.position();
        tensor.content.writeTo(part -> writeAll(channel, part));
        long written = channel.position() - start;
        if (written != tensor.size()) {
            throw new IllegalStateException("%s: %s %s takes %d bytes, got %d".formatted(tensor.name, tensor.type,
                    tensor.shape, tensor.size(), written));
        }
    }

    private static void writeAll(FileChannel channel, MemorySegment data) throws IOException {
        for (long at = 0; at < data.byteSize(); at += CHUNK) {
            long length = Math.min(CHUNK, data.byteSize() - at);
            writeAll(channel, data.asSlice(at, length).asByteBuffer());
        }
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
