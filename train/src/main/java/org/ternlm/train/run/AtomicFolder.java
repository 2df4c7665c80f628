package org.ternlm.train.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Folders that are there whole or not at all: filled aside, synced, renamed, and renamed before they are deleted. A kill
/// or a power cut leaves at most a folder named `.….partial`, which [#removeLeftOvers] takes away.
final class AtomicFolder {
    private static final String PARTIAL = ".partial";

    private AtomicFolder() {}

    /// Fills an empty folder.
    @FunctionalInterface
    interface Content {
        void writeTo(Path aside) throws IOException;
    }

    /// Lets `content` fill a new `folder`. What is written is on the disk, not only on its way there, before the folder
    /// gets its name, and the name before this returns.
    ///
    /// @throws IOException if that fails, on a full disk for example; nothing of the new folder is left then
    static void write(Path folder, Content content) throws IOException {
        Path parent = parent(folder);
        Files.createDirectories(parent);
        removeLeftOvers(parent);
        Path aside = parent.resolve("." + folder.getFileName() + PARTIAL);
        try {
            Files.createDirectory(aside);
            content.writeTo(aside);
            for (Path file : children(aside)) {
                sync(file);
            }
            sync(aside);
            delete(folder);
            Files.move(aside, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            removeAfter(e, aside);
            throw e;
        }
        sync(parent);
        sync(parent(parent));
    }

    /// Deletes a folder, if it is there.
    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            Path aside = folder.resolveSibling("." + folder.getFileName() + ".old" + PARTIAL);
            Files.move(folder, aside, StandardCopyOption.ATOMIC_MOVE);
            deleteTree(aside);
        }
    }

    /// Deletes what was being written or deleted below `parent` when something ended that. Nobody may be at it now.
    static void removeLeftOvers(Path parent) throws IOException {
        for (Path child : children(parent)) {
            String name = String.valueOf(child.getFileName());
            if (name.startsWith(".") && name.endsWith(PARTIAL) && Files.isDirectory(child)) {
                deleteTree(child);
            }
        }
    }

    private static Path parent(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        return parent == null ? path.toAbsolutePath() : parent;
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    /// Room is what the earlier folders' owner needs next.
    private static void removeAfter(IOException problem, Path aside) {
        try {
            deleteTree(aside);
        } catch (IOException e) {
            problem.addSuppressed(e);
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void sync(Path path) throws IOException {
        boolean folder = Files.isDirectory(path);
        try (FileChannel channel = FileChannel.open(path,
                folder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (AccessDeniedException e) {
            // Windows opens no folders, and keeps names safe without.
            if (!folder) {
                throw e;
            }
        }
    }
}
