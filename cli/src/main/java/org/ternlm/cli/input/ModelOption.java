package org.ternlm.cli.input;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.format.gguf.GgufFile;
import picocli.CommandLine.Option;

/// Which model a command works with.
public final class ModelOption {
    /// Relative to the program's home, which the launcher passes in the property `tern.home`.
    private static final Path BUNDLED = Path.of("models", "tinystories-ternary-3M");
    private static final String HINT = "-m takes a model folder as Hugging Face lays it out, or a GGUF file";

    @Option(names = {"-m",
            "--model"}, paramLabel = "MODEL", description = "A Hugging Face folder or a .gguf file; without it, the small model that tern brings along.")
    private @Nullable String model;

    /// Whether the user named a model.
    public boolean isGiven() {
        return model != null;
    }

    /// The folder or GGUF file of the model.
    ///
    /// @throws CommandException if there is none, or it is of a kind that is not supported yet
    public Path path() {
        if (model == null) {
            return bundled();
        }
        if (model.startsWith("hf:")) {
            throw new CommandException(model + ": models of a hub are not supported yet", HINT);
        }
        Path path = Path.of(model);
        boolean isGguf = GgufFile.isNamed(path);
        if (isGguf ? Files.isRegularFile(path) : Files.isDirectory(path)) {
            return path;
        }
        if (Files.exists(path)) {
            throw new CommandException(model + (isGguf ? " is a folder" : " is a file"), HINT);
        }
        if (isGguf) {
            throw new CommandException("no such file: " + model, HINT);
        }
        boolean isName = path.getNameCount() == 1 && !path.isAbsolute();
        throw new CommandException("no such model folder: " + model,
                isName ? "names of a local cache are not supported yet; " + HINT : HINT);
    }

    /// Where the model lies that comes with the program; it may be missing.
    public static @Nullable Path bundledFolder() {
        String home = System.getProperty("tern.home");
        return home == null ? null : Path.of(home).resolve(BUNDLED);
    }

    private static Path bundled() {
        Path folder = bundledFolder();
        if (folder == null) {
            throw new CommandException("no model: the program does not know its home, where it would find its own",
                    "start it by ./tern, or name a model: " + HINT);
        }
        if (!Files.isDirectory(folder)) {
            throw new CommandException("the model that tern brings along is missing: " + folder,
                    "name another: " + HINT);
        }
        return folder;
    }
}
