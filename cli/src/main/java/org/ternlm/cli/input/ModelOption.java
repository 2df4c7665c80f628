package org.ternlm.cli.input;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import picocli.CommandLine.Option;

/// Which model a command works with.
public final class ModelOption {
    /// Relative to the program's home, which the launcher passes in the property `tern.home`.
    private static final Path BUNDLED = Path.of("models", "tinystories-ternary-3M");
    private static final String HINT = "-m takes a model folder as Hugging Face lays it out";

    @Option(names = {"-m",
            "--model"}, paramLabel = "MODEL", description = "A Hugging Face folder; without it, the small model that tern brings along.")
    private @Nullable String model;

    /// Whether the user named a model.
    public boolean isGiven() {
        return model != null;
    }

    /// The folder of the model.
    ///
    /// @throws CommandException if there is none, or it is of a kind that is not supported yet
    public Path folder() {
        if (model == null) {
            return bundled();
        }
        if (model.startsWith("hf:")) {
            throw new CommandException(model + ": models of a hub are not supported yet", HINT);
        }
        if (model.endsWith(".gguf")) {
            throw new CommandException(model + ": GGUF files are not supported yet", HINT);
        }
        Path folder = Path.of(model);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        if (Files.exists(folder)) {
            throw new CommandException(model + " is a file", HINT);
        }
        boolean isName = folder.getNameCount() == 1 && !folder.isAbsolute();
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
