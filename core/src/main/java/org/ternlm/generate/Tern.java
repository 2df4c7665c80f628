package org.ternlm.generate;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufFile;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.KvForm;
import org.ternlm.model.HeadForm;
import org.ternlm.model.Model;
import org.ternlm.model.ModelConfig;
import org.ternlm.tokenizer.Tokenizer;

/// An open model: the entry to the library.
///
/// Safe for several threads, each with its own [Session]; they take turns at the model. Close it last: files are
/// unmapped, worker threads end, and sessions can no longer be used.
public final class Tern implements AutoCloseable {
    private final Path path;
    private final HeadForm head;
    private final Arena arena;
    private final Kernels kernels;
    private final KernelSelection selection;
    private final Model model;
    private final Tokenizer tokenizer;
    private final Engine engine;

    private Tern(Path path, HeadForm head, Arena arena, KernelSelection selection, Kernels kernels, Model model,
            Tokenizer tokenizer) {
        this.path = path;
        this.head = head;
        this.arena = arena;
        this.selection = selection;
        this.kernels = kernels;
        this.model = model;
        this.tokenizer = tokenizer;
        engine = new Engine(path, model, kernels);
    }

    /// Opens the model folder or GGUF file `path` with as many threads as there are processors.
    ///
    /// @throws ModelFormatException if it is damaged or holds what Tern does not support
    public static Tern open(Path path) {
        return open(path, OpenOptions.usual());
    }

    /// Opens the model folder or GGUF file `path` with `threads` threads, the calling one included.
    ///
    /// @throws ModelFormatException if it is damaged or holds what Tern does not support
    /// @throws IllegalArgumentException if the number of threads is not 1 to 1024
    public static Tern open(Path path, int threads) {
        return open(path, OpenOptions.usual().withThreads(threads));
    }

    /// Opens the model folder or GGUF file `path`.
    ///
    /// @throws ModelFormatException if it is damaged or holds what Tern does not support
    /// @throws IllegalArgumentException if a native library that was asked for cannot be had
    public static Tern open(Path path, OpenOptions options) {
        KernelSelection selection = KernelSelection.choose();
        Kernels kernels = selection.open(options.threads(), options.nativeChoice());
        Arena arena = Arena.ofShared();
        try {
            Model model = Model.load(path, options.head(), kernels, arena);
            Tokenizer tokenizer = tokenizer(path);
            checkVocabulary(path, model.config(), tokenizer);
            return new Tern(path, options.head(), arena, selection, kernels, model, tokenizer);
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
            throw ModelFormatException.in(GgufFile.isNamed(path) ? path : path.resolve("tokenizer.json"))
                    .at("vocabulary")
                    .expected("at most the model's %d tokens".formatted(config.vocabularySize()))
                    .found(tokenizer.vocabularySize()).hint("tokenizer and model do not belong together").problem();
        }
    }

    /// Where the model came from.
    public Path path() {
        return path;
    }

    /// What the model is called: its folder or file, without the ending `.gguf`.
    public String name() {
        String name = String.valueOf(path.toAbsolutePath().normalize().getFileName());
        return GgufFile.isNamed(path) ? name.substring(0, name.lastIndexOf('.')) : name;
    }

    /// What the output head is made of.
    public HeadForm head() {
        return head;
    }

    /// Shape and variations of the model.
    public ModelConfig config() {
        return model.config();
    }

    /// From text to tokens and back.
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /// The token that starts a text, as the tokenizer or, where that names none, the model's configuration says.
    public OptionalInt bosId() {
        int configured = config().bosId();
        return tokenizer.bosId().isPresent() || configured < 0 ? tokenizer.bosId() : OptionalInt.of(configured);
    }

    /// The operators in use.
    public Kernels kernels() {
        return kernels;
    }

    /// How they were chosen.
    public KernelSelection selection() {
        return selection;
    }

    /// Bytes of weights that are read for each token: what the memory's bandwidth is divided by.
    public long bytesPerToken() {
        return model.bytesPerToken();
    }

    /// A new, empty session with the model's whole context.
    public Session session() {
        return session(config().contextLength());
    }

    /// A new, empty session with a shorter context: generation ends where it is full.
    ///
    /// @throws IllegalArgumentException if `contextLength` is not 1 to the model's own
    public Session session(int contextLength) {
        return session(contextLength, KvForm.F32);
    }

    /// A new, empty session that keeps its keys and values in some form.
    ///
    /// @throws IllegalArgumentException if `contextLength` is not 1 to the model's own
    public Session session(int contextLength, KvForm form) {
        return new Session(engine, tokenizer, checkedContext(contextLength), form);
    }

    /// Scores token sequences within the model's whole context.
    public Scorer scorer() {
        return scorer(config().contextLength());
    }

    /// Scores token sequences within a shorter context.
    ///
    /// @throws IllegalArgumentException if `contextLength` is not 1 to the model's own
    public Scorer scorer(int contextLength) {
        return scorer(contextLength, KvForm.F32);
    }

    /// Scores token sequences with keys and values kept in some form.
    ///
    /// @throws IllegalArgumentException if `contextLength` is not 1 to the model's own
    public Scorer scorer(int contextLength, KvForm form) {
        return new Scorer(engine, checkedContext(contextLength), form);
    }

    /// Generates for many requests at once, which share each pass over the weights, on a thread of its own. Close it before
    /// this.
    ///
    /// @throws IllegalArgumentException if the context is longer than the model's own
    public Scheduler scheduler(SchedulerOptions options) {
        checkedContext(options.contextLength());
        return Scheduler.start(engine, tokenizer, options);
    }

    private int checkedContext(int contextLength) {
        if (contextLength < 1 || contextLength > config().contextLength()) {
            throw new IllegalArgumentException("context: expected 1 to %d, which is all that the model has, found %d"
                    .formatted(config().contextLength(), contextLength));
        }
        return contextLength;
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
