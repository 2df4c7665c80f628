package org.ternlm.train.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.ternlm.command.CommandException;

/// A file of a source.
///
/// @param name its path below the source's folder, with `/`; of a source that is a file, its name
/// @param path where it is
record SourceFile(String name, Path path) {
    private static final Set<String> JSON_LINES = Set.of("jsonl", "ndjson");
    private static final Set<String> TEXT = Set.of("txt", "text", "md", "raw");

    /// How a file is packed.
    enum Packed {
        NOT, GZIP, ZSTANDARD
    }

    Packed packed() {
        return switch (ending(name)) {
            case "gz" -> Packed.GZIP;
            case "zst" -> Packed.ZSTANDARD;
            default -> Packed.NOT;
        };
    }

    boolean isJsonLines() {
        return JSON_LINES.contains(innerEnding());
    }

    /// The files of `source`, in the order of their names.
    ///
    /// @throws CommandException if there are none
    static List<SourceFile> of(TextSource source) throws IOException {
        Path root = source.path();
        if (Files.isRegularFile(root)) {
            return List.of(new SourceFile(String.valueOf(root.getFileName()), root));
        }
        if (!Files.isDirectory(root)) {
            throw new CommandException("no such file or folder: " + root);
        }
        try (Stream<Path> all = Files.walk(root)) {
            List<SourceFile> files = all.filter(Files::isRegularFile)
                    .map(path -> new SourceFile(name(root, path), path))
                    .filter(SourceFile::isText).sorted((a, b) -> a.name.compareTo(b.name)).toList();
            if (files.isEmpty()) {
                throw new CommandException("no text files in " + root,
                        "files in a folder must end in .txt, .text, .md, .raw, .jsonl or .ndjson, and may be packed (.gz, .zst)");
            }
            return files;
        }
    }

    private static String name(Path root, Path path) {
        return root.relativize(path).toString().replace(path.getFileSystem().getSeparator(), "/");
    }

    private boolean isText() {
        boolean hidden = name.startsWith(".") || name.contains("/.");
        return !hidden && (TEXT.contains(innerEnding()) || isJsonLines());
    }

    private String innerEnding() {
        boolean unpacked = packed() == Packed.NOT;
        return ending(unpacked ? name : name.substring(0, name.lastIndexOf('.')));
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
