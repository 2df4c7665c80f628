package org.ternlm.compare.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Folders as a whole.
final class Folders {
    private Folders() {}

    /// Removes a folder and what is in it, if it is there.
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }

    /// Copies the files of a folder without folders in it.
    static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        List<Path> files;
        try (Stream<Path> list = Files.list(from)) {
            files = list.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /// Bytes of weights in a model: a `.gguf` file, or the safetensors in a folder.
    static long weightBytes(Path model) throws IOException {
        if (Files.isRegularFile(model)) {
            return Files.size(model);
        }
        long bytes = 0;
        try (Stream<Path> list = Files.list(model)) {
            for (Path file : list.filter(one -> one.toString().endsWith(".safetensors")).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}
