package org.ternlm.generate;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.ternlm.format.ModelFormatException;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.Kernels;
import org.ternlm.model.Model;
import org.ternlm.model.ModelConfig;
import org.ternlm.tokenizer.Tokenizer;

/// An open model: the entry to the library.
///
/// Safe for several threads, each with its own [Session]; they take turns at the model. Close it last: files are
/// unmapped, worker threads end, and sessions can no longer be used.
public final class Tern implements AutoCloseable {
    private final Path path;
    private final Arena arena;
    private final Kernels kernels;
    private final KernelSelection selection;
    private final Model model;
    private final Tokenizer tokenizer;
    private final Engine engine;

    private Tern(Path path, Arena arena, KernelSelection selection, Kernels kernels, Model model,
            Tokenizer tokenizer) {
        this.path = path;
        this.arena = arena;
        this.selection = selection;
        this.kernels = kernels;
        this.model = model;
        this.tokenizer = tokenizer;
        engine = new Engine(path, model, kernels);
    }

    /// Opens the model folder `path` with as many threads as there are processors.
    ///
    /// @throws ModelFormatException if it is damaged or holds what Tern does not support
    public static Tern open(Path path) {
        return open(path, Runtime.getRuntime().availableProcessors());
    }

    /// Opens the model folder `path` with `threads` threads, the calling one included.
    ///
    /// @throws ModelFormatException if it is damaged or holds what Tern does not support
    /// @throws IllegalArgumentException if the number of threads is not 1 to 1024
    public static Tern open(Path path, int threads) {
        KernelSelection selection = KernelSelection.choose();
        Kernels kernels = selection.open(threads);
        Arena arena = Arena.ofShared();
        try {
            Model model = Model.load(path, kernels, arena);
            Tokenizer tokenizer = tokenizer(path);
            checkVocabulary(path, model.config(), tokenizer);
            return new Tern(path, arena, selection, kernels, model, tokenizer);
        } catch (Throwable t) {
            kernels.close();
            arena.close();
            throw t;
        }
    }

    private static Tokenizer tokenizer(Path path) {
        try {
            return Tokenizer.load(path);
        } catch (IOException e) {
            throw ModelFormatException.in(path).expected("readable tokenizer files").found(e.getMessage()).cause(e)
                    .problem();
        }
    }

    private static void checkVocabulary(Path path, ModelConfig config, Tokenizer tokenizer) {
        if (tokenizer.vocabularySize() > config.vocabularySize()) {
            throw ModelFormatException.in(path.resolve("tokenizer.json")).at("vocabulary")
                    .expected("at most the model's %d tokens".formatted(config.vocabularySize()))
                    .found(tokenizer.vocabularySize()).hint("tokenizer and model do not belong together").problem();
        }
    }

    /// Where the model came from.
    public Path path() {
        return path;
    }

    /// Shape and variations of the model.
    public ModelConfig config() {
        return model.config();
    }

    /// From text to tokens and back.
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /// The operators in use.
    public Kernels kernels() {
        return kernels;
    }

    /// How they were chosen.
    public KernelSelection selection() {
        return selection;
    }

    /// A new, empty session.
    public Session session() {
        return new Session(engine, tokenizer);
    }

    /// Scores token sequences.
    public Scorer scorer() {
        return new Scorer(engine);
    }

    /// A request to continue `prompt`, encoded with the special tokens that the tokenizer's configuration asks for.
    ///
    /// @throws IllegalArgumentException if that gives no token at all
    public GenerationRequest request(String prompt) {
        return GenerationRequest.of(tokenizer.encode(prompt, true));
    }

    /// Ends the threads and unmaps the files; idempotent.
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            engine.close();
            kernels.close();
            arena.close();
        }
    }
}
