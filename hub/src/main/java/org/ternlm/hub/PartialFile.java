package org.ternlm.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/// A file that is still arriving, hashed while it does. What is there when it is opened counts. Of one thread.
final class PartialFile implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path path;
    private final Checksum checksum;
    private final FileChannel channel;
    private MessageDigest digest;
    private long length;

    private PartialFile(Path path, Checksum checksum, FileChannel channel) {
        this.path = path;
        this.checksum = checksum;
        this.channel = channel;
        this.digest = checksum.start();
    }

    /// Opens what has arrived, or an empty file; what is longer than the whole is thrown away.
    ///
    /// @throws HubException if it cannot be read or written
    static PartialFile open(Path path, Checksum checksum, long size) throws InterruptedException {
        try {
            Files.createDirectories(path.getParent());
            PartialFile file = new PartialFile(path, checksum, FileChannel.open(path, StandardOpenOption.CREATE,
                    StandardOpenOption.READ, StandardOpenOption.WRITE));
            if (file.channel.size() > size) {
                file.channel.truncate(0);
            }
            file.hashWhatIsThere();
            return file;
        } catch (IOException problem) {
            throw storage(path, problem);
        }
    }

    private void hashWhatIsThere() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        for (int count = channel.read(buffer); count > 0; count = channel.read(buffer.clear())) {
            digest.update(buffer.array(), 0, count);
            length += count;
        }
    }

    /// Bytes so far.
    long length() {
        return length;
    }

    /// Adds bytes at the end.
    ///
    /// @throws HubException if they cannot be written
    void append(byte[] bytes, int count) throws InterruptedException {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
            while (buffer.hasRemaining()) {
                channel.write(buffer, length + buffer.position());
            }
        } catch (IOException problem) {
            throw storage(path, problem);
        }
        digest.update(bytes, 0, count);
        length += count;
    }

    /// Throws away what has arrived.
    void restart() throws InterruptedException {
        try {
            channel.truncate(0);
        } catch (IOException problem) {
            throw storage(path, problem);
        }
        digest = checksum.start();
        length = 0;
    }

    /// Whether what has arrived is what it should be. To be asked once.
    boolean isRight() {
        return checksum.matches(digest);
    }

    /// Makes it the file that others see.
    void moveTo(Path target) throws InterruptedException {
        try {
            channel.force(true);
            channel.close();
            Files.move(path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException problem) {
            throw storage(target, problem);
        }
    }

    /// Removes it.
    void delete() throws InterruptedException {
        try {
            channel.close();
            Files.deleteIfExists(path);
        } catch (IOException problem) {
            throw storage(path, problem);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException lost) {
            // What was written is checked when it is opened again.
        }
    }

    private static HubException storage(Path path, IOException problem) throws InterruptedException {
        if (problem instanceof ClosedByInterruptException) {
            throw new InterruptedException();
        }
        return new HubException(HubException.Kind.STORAGE, "cannot write %s: %s".formatted(path, problem.getMessage()),
                "HF_HUB_CACHE names another place; what arrived is kept", problem);
    }
}
