package org.ternlm.format.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ternlm.format.AtomicFile;
import org.ternlm.format.TensorContent;
import org.ternlm.tensor.Shape;

/// Writes a GGUF file of version 3: metadata, then what is said about all tensors, then their data in the same order,
/// each at a multiple of 32. See [GgufFile] for the layout.
///
/// Atomic: the file appears complete or not at all. Streams: a tensor's data are asked for when their turn comes, and
/// may come in any number of parts, so that nothing of the file's size needs to be in memory. Not thread-safe.
public final class GgufWriter {
    private static final int MAGIC = 0x46554747;
    private static final int VERSION = 3;
    private static final int ALIGNMENT = 32;
    private static final long CHUNK = 1 << 26;

    private final GgufEntries metadata;
    private final List<Entry> tensors = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    /// A file with that metadata and, for now, no tensors.
    public GgufWriter(GgufEntries metadata) {
        this.metadata = metadata;
    }

    private record Entry(String name, GgufType type, Shape shape, long size, TensorContent content) {}

    /// Adds a tensor behind those that are there.
    ///
    /// @param shape outermost dimension first, of at least one dimension, all at least 1
    /// @param content gives exactly the bytes that type and shape need
    /// @throws IllegalArgumentException if there is one of that name, or its rows do not fit the blocks of the type
    public void add(String name, GgufType type, Shape shape, TensorContent content) {
        if (!names.add(name)) {
            throw new IllegalArgumentException("two tensors are named " + name);
        }
        long columns = shape.dimension(shape.rank() - 1);
        if (shape.elements() < 1 || columns % type.blockWeights() != 0) {
            throw new IllegalArgumentException("%s: %s needs rows of a multiple of %d weights, found %s".formatted(name,
                    type, type.blockWeights(), shape));
        }
        tensors.add(new Entry(name, type, shape, type.byteSize(shape.elements() / columns, columns), content));
    }

    /// Bytes of all tensors, without the padding between them.
    public long dataSize() {
        return tensors.stream().mapToLong(Entry::size).sum();
    }

    /// Writes the file, over what was there.
    ///
    /// @throws IOException if the disk is full or the folder cannot be written; the old file is still there then
    /// @throws IllegalStateException if a tensor's content is not of the size that type and shape need
    public void write(Path path) throws IOException {
        byte[] header = header();
        AtomicFile.write(path, aside -> {
            try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
                writeAll(channel, ByteBuffer.wrap(header));
                for (Entry tensor : tensors) {
                    write(channel, tensor);
                }
            }
        });
    }

    static byte[] start(int tensors, int entries) {
        return GgufEntries.bytes(24).putInt(MAGIC).putInt(VERSION).putLong(tensors).putLong(entries).array();
    }

    private byte[] header() {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes(start(tensors.size(), metadata.size()));
        metadata.writeTo(header);
        long offset = 0;
        for (Entry tensor : tensors) {
            header.writeBytes(GgufEntries.string(tensor.name));
            int rank = tensor.shape.rank();
            ByteBuffer entry = GgufEntries.bytes(4 + 8 * rank + 12).putInt(rank);
            for (int i = rank - 1; i >= 0; i--) {
                entry.putLong(tensor.shape.dimension(i));
            }
            header.writeBytes(entry.putInt(tensor.type.id()).putLong(offset).array());
            offset = Math.addExact(offset, tensor.size + padding(tensor.size));
        }
        header.writeBytes(new byte[padding(header.size())]);
        return header.toByteArray();
    }

    private static void write(FileChannel channel, Entry tensor) throws IOException {
        long start = channel.position();
        tensor.content.writeTo(part -> {
            for (long at = 0; at < part.byteSize(); at += CHUNK) {
                writeAll(channel, part.asSlice(at, Math.min(CHUNK, part.byteSize() - at)).asByteBuffer());
            }
        });
        long written = channel.position() - start;
        if (written != tensor.size) {
            throw new IllegalStateException("%s: %s %s takes %d bytes, got %d".formatted(tensor.name, tensor.type,
                    tensor.shape, tensor.size, written));
        }
        writeAll(channel, ByteBuffer.allocate(padding(tensor.size)));
    }

    private static int padding(long size) {
        return (int) (-size & (ALIGNMENT - 1));
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
