package org.ternlm.format;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file's bytes, mapped read-only into memory until the arena closes.
///
/// @param path
///            where the file is, for messages
/// @param bytes
///            its content
public record MappedFile(Path path, MemorySegment bytes) {

    /// Maps the whole of `path`.
    ///
    /// @throws ModelFormatException
    ///             if there is no such file, or it cannot be read
    public static MappedFile map(Path path, Arena arena) {
        if (!Files.isRegularFile(path)) {
            throw ModelFormatException.in(path).expected("a file")
                    .found(Files.isDirectory(path) ? "a folder" : "nothing there").problem();
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new MappedFile(path, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (NoSuchFileException e) {
            throw ModelFormatException.in(path).expected("a file").found("nothing there").cause(e).problem();
        } catch (IOException e) {
            throw ModelFormatException.in(path).expected("a readable file").found(e.getMessage()).cause(e).problem();
        }
    }

    /// Tells the system that these bytes are not needed in memory for now: what has been read of a file would else count
    /// as this process's. They can still be read, from the file again. Does nothing to memory that is not a file's.
    public static void giveBack(MemorySegment read) {
        if (read.isMapped()) {
            read.unload();
        }
    }

    /// `length` bytes from `offset` on, both as read from the file itself.
    ///
    /// @throws ModelFormatException
    ///             if they do not lie inside the file
    public MemorySegment slice(long offset, long length, String place) {
        long size = bytes.byteSize();
        if (offset < 0 || length < 0 || offset > size || length > size - offset) {
            throw ModelFormatException.in(path).at(place).expected("bytes inside the file of " + size)
                    .found("offset %d, length %d".formatted(offset, length))
                    .hint("the file may be cut short: download or copy it again").problem();
        }
        return bytes.asSlice(offset, length);
    }
}
