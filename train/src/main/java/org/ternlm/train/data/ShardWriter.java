package org.ternlm.train.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/// Writes one shard beside its place and moves it there when it is whole and synced. Not thread-safe.
final class ShardWriter implements Closeable {
    static final String PARTIAL = ".partial";
    private static final int BUFFER = 1 << 20;

    private final Path path;
    private final Path aside;
    private final int width;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private long[] starts = new long[1_024];
    private int documents;
    private long tokens;

    ShardWriter(Path path, int width) throws IOException {
        this.path = path;
        this.aside = path.resolveSibling(path.getFileName() + PARTIAL);
        this.width = width;
        this.channel = FileChannel.open(aside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        buffer.position(ShardFormat.HEADER);
    }

    /// Appends a document, which must not be empty.
    void add(int[] document) throws IOException {
        if (documents + 1 == starts.length) {
            starts = Arrays.copyOf(starts, Math.multiplyExact(starts.length, 2));
        }
        for (int token : document) {
            require(width);
            if (width == Short.BYTES) {
                buffer.putShort((short) token);
            } else {
                buffer.putInt(token);
            }
        }
        tokens += document.length;
        starts[++documents] = tokens;
    }

    long bytes() {
        return ShardFormat.size(documents, tokens, width);
    }

    /// Ends the shard: from now on it is there.
    Shard.Entry finish() throws IOException {
        long padding = ShardFormat.startsAt(tokens, width) - ShardFormat.HEADER - tokens * width;
        for (long i = 0; i < padding; i++) {
            require(1);
            buffer.put((byte) 0);
        }
        for (int i = 0; i <= documents; i++) {
            require(Long.BYTES);
            buffer.putLong(starts[i]);
        }
        flush();
        buffer.putLong(ShardFormat.MAGIC).putInt(ShardFormat.VERSION).putInt(width).putLong(documents).putLong(tokens);
        buffer.flip();
        long at = 0;
        while (buffer.hasRemaining()) {
            at += channel.write(buffer, at);
        }
        channel.force(true);
        channel.close();
        Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new Shard.Entry(String.valueOf(path.getFileName()), documents, tokens);
    }

    /// Without [#finish], nothing is left.
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(aside);
    }

    private void require(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }
}
