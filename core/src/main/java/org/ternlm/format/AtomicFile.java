package org.ternlm.format;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Files that are there whole or not at all: written aside, synced, renamed. Whoever reads meanwhile sees the old one; a
/// crash leaves at most a file named `….partial` behind.
public final class AtomicFile {
    private AtomicFile() {}

    /// Fills an empty file beside the target.
    @FunctionalInterface
    public interface Content {
        void writeTo(Path aside) throws IOException;
    }

    /// Lets `content` write a new `path`.
    ///
    /// @throws IOException if that fails; the old file, if there was one, is still there then
    public static void write(Path path, Content content) throws IOException {
        Path absolute = path.toAbsolutePath();
        // Not a temporary file of the JDK's, which nobody else could read.
        Path aside = Files.createFile(absolute.resolveSibling(".%s.%x.partial".formatted(absolute.getFileName(),
                System.nanoTime())));
        try {
            content.writeTo(aside);
            try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(aside, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(aside);
        }
    }
}
