package org.ternlm.dist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Files, links and folders by their paths, in the order of these, whatever order the file system has. Folders that hold
/// something come by themselves. Not for several threads.
final class Tree {
    private final SortedMap<String, Entry> entries = new TreeMap<>();

    /// Adds an entry; its path has `/` between names and none at the ends.
    ///
    /// @throws IllegalArgumentException if something else is there already
    Tree add(String path, Entry entry) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            entries.putIfAbsent(path.substring(0, slash), folder(Entry.PROGRAM, Entry.ROOT));
        }
        Entry before = entries.put(path, entry);
        if (before != null && !(before.isFolder() && entry.isFolder())) {
            throw new IllegalArgumentException("two files are to lie at " + path);
        }
        return this;
    }

    /// Adds a file of the root user, executable if it is so where it lies.
    Tree addFile(String path, Path source) {
        int mode = Files.isExecutable(source) ? Entry.PROGRAM : Entry.FILE;
        return add(path, new Entry(new Content.Copy(source), mode, Entry.ROOT));
    }

    Tree addText(String path, String text) {
        return addBytes(path, text.getBytes(StandardCharsets.UTF_8));
    }

    Tree addBytes(String path, byte[] bytes) {
        return add(path, new Entry(new Content.Bytes(bytes), Entry.FILE, Entry.ROOT));
    }

    Tree addFolder(String path, int mode, int owner) {
        return add(path, folder(mode, owner));
    }

    /// Adds all that lies below a folder; links stay links.
    Tree addAll(String path, Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted().toList()) {
                String relative = folder.relativize(file).toString().replace('\\', '/');
                if (Files.isSymbolicLink(file)) {
                    Content link = new Content.Link(Files.readSymbolicLink(file).toString());
                    add(path + "/" + relative, new Entry(link, 0777, Entry.ROOT));
                } else if (Files.isRegularFile(file)) {
                    addFile(path + "/" + relative, file);
                }
            }
        }
        return this;
    }

    /// Adds another tree below a path.
    Tree addAll(String path, Tree tree) {
        tree.entries.forEach((name, entry) -> add(path + "/" + name, entry));
        return this;
    }

    /// Everything, folders before what they hold.
    Map<String, Entry> entries() {
        return Collections.unmodifiableMap(entries);
    }

    /// The paths of all files and links.
    List<String> files() {
        return entries.entrySet().stream().filter(place -> !place.getValue().isFolder()).map(Map.Entry::getKey)
                .toList();
    }

    private static Entry folder(int mode, int owner) {
        return new Entry(new Content.Folder(), mode, owner);
    }
}
