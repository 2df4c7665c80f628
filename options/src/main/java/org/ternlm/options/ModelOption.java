package org.ternlm.options;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.format.gguf.GgufFile;
import picocli.CommandLine.Option;

/// Which model a command works with.
public final class ModelOption {
    /// Relative to the program's home, which the launcher passes in the property `tern.home`.
    private static final Path BUNDLED = Path.of("models", "tern-stories-5M-b158.gguf");
    private static final String HINT = "-m takes a model folder as Hugging Face lays it out, a GGUF file, or a model that tern pull has fetched";

    @Option(names = {"-m",
            "--model"}, paramLabel = "MODEL", description = "A Hugging Face folder, a .gguf file, or hf:ORG/NAME after tern pull; without it, the small model that tern brings along.")
    private @Nullable String model;

    /// Takes the model that stands where an argument may, in place of `-m`.
    ///
    /// @throws CommandException if there is one by `-m` as well
    public void use(String name) {
        if (model != null) {
            throw new CommandException("two models: " + name + " and -m " + model, "name one of them");
        }
        model = name;
    }

    /// Whether the user named a model.
    public boolean isGiven() {
        return model != null;
    }

    /// The folder or GGUF file of the model: the one that was named, or where the cache has it.
    ///
    /// @throws CommandException if there is none
    /// @throws org.ternlm.hub.HubException if it is one of a hub and has not been pulled
    public Path path() {
        if (model == null) {
            return bundled();
        }
        return located(model);
    }

    /// The folder or GGUF file of a model that the user names.
    ///
    /// @throws CommandException if there is none
    /// @throws org.ternlm.hub.HubException if it is one of a hub and has not been pulled
    public static Path located(String model) {
        return local(resolved(model), model);
    }

    /// Where a model lies: what is there under that path, what `hf:` names, or a name in the cache.
    private static Path resolved(String model) {
        if (model.startsWith("hf:")) {
            return CachedModels.of(model);
        }
        Path path = Path.of(model);
        return Files.exists(path) ? path : CachedModels.named(model).orElse(path);
    }

    private static Path local(Path path, String model) {
        boolean isGguf = GgufFile.isNamed(path);
        if (isGguf ? Files.isRegularFile(path) : Files.isDirectory(path)) {
            return path;
        }
        if (Files.exists(path)) {
            throw new CommandException(model + (isGguf ? " is a folder" : " is a file"), HINT);
        }
        throw new CommandException((isGguf ? "no such file: " : "no such model: ") + model, HINT);
    }

    /// Where the model lies that comes with the program; it may be missing.
    public static @Nullable Path bundledModel() {
        String home = System.getProperty("tern.home");
        return home == null ? null : Path.of(home).resolve(BUNDLED);
    }

    private static Path bundled() {
        Path file = bundledModel();
        if (file == null) {
            throw new CommandException("no model: the program does not know its home, where it would find its own",
                    "start it by ./tern, or name a model: " + HINT);
        }
        if (!Files.isRegularFile(file)) {
            throw new CommandException("the model that tern brings along is missing: " + file,
                    "name another: " + HINT);
        }
        return file;
    }
}
