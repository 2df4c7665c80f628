package org.ternlm.hub;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Lets one pull at a time fetch a blob, in this process and in others of Tern. Correctness does not hang on it: a
/// finished blob is renamed into place. It keeps two from writing to one partial file.
final class BlobLock implements AutoCloseable {
    private static final long LOOK_AGAIN_MILLIS = 50;

    private final FileChannel channel;
    private final boolean exclusive;

    private BlobLock(FileChannel channel, boolean exclusive) {
        this.channel = channel;
        this.exclusive = exclusive;
    }

    /// Takes the lock of that file, waiting for whoever has it.
    ///
    /// @param waiting told once, if somebody has
    static BlobLock acquire(Path file, Runnable waiting) throws IOException, InterruptedException {
        Files.createDirectories(file.getParent());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean told = false;
        try {
            while (!take(channel)) {
                if (!told) {
                    waiting.run();
                    told = true;
                }
                Thread.sleep(LOOK_AGAIN_MILLIS);
            }
            return new BlobLock(channel, true);
        } catch (ClosedByInterruptException stopped) {
            throw new InterruptedException();
        } catch (IOException noLocks) {
            // Some network file systems have none.
            return new BlobLock(channel, false);
        } catch (InterruptedException | RuntimeException stopped) {
            channel.close();
            throw stopped;
        }
    }

    private static boolean take(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException thisProcessHasIt) {
            return false;
        }
    }

    /// Whether the lock could be taken; a file system without locks gives none.
    boolean isExclusive() {
        return exclusive;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
