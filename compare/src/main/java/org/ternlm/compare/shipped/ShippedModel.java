package org.ternlm.compare.shipped;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ternlm.command.CommandException;

/// A model that comes with the program: one shape, one order of data, other linear layers.
///
/// @param label what its linear layers are
/// @param path of a GGUF file, or of a folder: GGUF has no name for a full-precision model with norms before its output
/// and down projections
public record ShippedModel(String label, Path path) {
    private static final String STEM = "tern-stories-5M-";

    /// All three, below the program's home.
    ///
    /// @throws CommandException if one is missing
    public static List<ShippedModel> below(Path home) {
        List<ShippedModel> models = List.of(in(home, "LLaMA, float16", "llama"), in(home, "BitNet, ±1", "b1.gguf"),
                in(home, "BitNet b1.58", "b158.gguf"));
        for (ShippedModel model : models) {
            if (!Files.exists(model.path())) {
                throw new CommandException("a model that tern brings along is missing: " + model.path());
            }
        }
        return models;
    }

    private static ShippedModel in(Path home, String label, String ending) {
        return new ShippedModel(label, home.resolve("models").resolve(STEM + ending));
    }

    /// Bytes of the file, or of all files of the folder.
    long bytes() throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}
