package org.ternlm.convert;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufEntries;
import org.ternlm.format.gguf.GgufType;
import org.ternlm.kernel.Workers;
import org.ternlm.model.Activation;
import org.ternlm.model.FolderForm;
import org.ternlm.model.FolderModelWriter;
import org.ternlm.model.GgufModelWriter;
import org.ternlm.model.LinearRole;
import org.ternlm.model.ModelComparison;
import org.ternlm.model.ModelConfig;
import org.ternlm.model.ModelSource;
import org.ternlm.tensor.DType;

/// Writes a model, of any format that is read, as a GGUF file or a Hugging Face folder.
///
/// ```
/// files ─ ModelSource ─ GgufModelWriter or FolderModelWriter ─ aside ─ ModelSource ─ ModelComparison ─ in place
///         Tokenizer ─── GgufTokenizerWriter or TokenizerJsonWriter ┘
/// ```
///
/// What is written is read back and compared with what it was made of, tensor by tensor, before it takes the place of
/// what was there; after a failure the old is as it was. The input stays mapped and is read one tensor at a time, so that
/// memory does not depend on the size of the model but for its largest matrix, and an embedding in blocks.
public final class Conversion {
    private final Path in;
    private final Path out;
    private final Target target;
    private final boolean rounds;
    private final Listener listener;

    /// Is told how far a conversion is.
    public interface Listener {

        /// A part of the work starts.
        ///
        /// @param what it is: `writing`
        /// @param weights that it has to do with
        void starts(String what, long weights);

        /// So many weights have been written, or compared.
        void advances(long weights);
    }

    /// What has been written.
    ///
    /// @param linears the type of the linear layers, for people
    /// @param bytes of all files
    /// @param agreement what the comparison has found
    public record Result(String linears, long bytes, ModelComparison.Agreement agreement) {}

    /// A conversion of `in` to `out`.
    ///
    /// @param rounds whether the real weights of a dense model are rounded to ternary ones
    public Conversion(Path in, Path out, Target target, boolean rounds, Listener listener) {
        this.in = in;
        this.out = out.toAbsolutePath().normalize();
        this.target = target;
        this.rounds = rounds;
        this.listener = listener;
    }

    /// Converts.
    ///
    /// @throws ModelFormatException if the input is damaged, or the target cannot hold it
    /// @throws IOException if something cannot be read or written
    public Result run() throws IOException {
        try (Arena arena = Arena.ofShared(); Workers workers = new Workers(1)) {
            ModelSource source = ModelSource.open(in, workers, arena);
            Plan plan = Plan.of(source, target, rounds);
            Path aside = out.resolveSibling(".%s.%x%s".formatted(out.getFileName(), System.nanoTime(),
                    target instanceof Target.Gguf ? ".partial.gguf" : ".partial"));
            try {
                ModelComparison.Agreement agreement = switch (target) {
                    case Target.Gguf gguf -> {
                        writeFile(source, plan, gguf, aside);
                        yield compared(source, plan.types(), aside, workers);
                    }
                    case Target.Folder _ -> {
                        writeFolder(source, plan, Files.createDirectory(aside));
                        yield compared(source, plan.types(), aside, workers);
                    }
                };
                source.checkNothingLeft();
                move(aside);
                return new Result(plan.name(), bytes(out), agreement);
            } finally {
                delete(aside);
            }
        }
    }

    private void writeFile(ModelSource source, Plan plan, Target.Gguf gguf, Path aside) throws IOException {
        GgufEntries entries = new GgufEntries();
        TokenizerFiles.putGeneral(in, entries);
        GgufModelWriter writer = GgufModelWriter.of(source, rounds, plan.types(), gguf.architecture(), entries,
                started("writing", source.config()));
        TokenizerFiles.put(in, source.config(), entries);
        writer.write(aside);
    }

    private void writeFolder(ModelSource source, Plan plan, Path aside) throws IOException {
        TokenizerFiles.write(in, aside);
        new FolderModelWriter(source, rounds, plan.form(), plan.types().embedding(), started("writing", source
                .config())).write(aside);
    }

    private ModelComparison.Agreement compared(ModelSource source, GgufModelWriter.Types types, Path written,
            Workers workers) {
        try (Arena arena = Arena.ofShared()) {
            return ModelComparison.compare(source, rounds, ModelSource.open(written, workers, arena), types,
                    started("comparing", source.config()));
        }
    }

    private LongConsumer started(String what, ModelConfig config) {
        listener.starts(what, weights(config));
        return listener::advances;
    }

    /// Numbers in embedding, head and linear layers.
    private static long weights(ModelConfig config) {
        long layer = 0;
        for (LinearRole role : LinearRole.values()) {
            layer += (long) role.rows(config) * role.columns(config);
        }
        long embedding = (long) config.vocabularySize() * config.hiddenSize();
        return layer * config.layers() + embedding * (config.tiedHead() ? 1 : 2);
    }

    /// A file at once; of a folder that is there already, one file after the other, the weights last.
    private void move(Path aside) throws IOException {
        if (!Files.isDirectory(out)) {
            Files.move(aside, out, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return;
        }
        try (Stream<Path> files = Files.list(aside)) {
            List<Path> sorted = files.sorted((a, b) -> Boolean.compare(isWeights(a), isWeights(b))).toList();
            for (Path file : sorted) {
                Files.move(file, out.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static boolean isWeights(Path file) {
        return file.endsWith("model.safetensors");
    }

    private static void delete(Path aside) throws IOException {
        if (Files.isDirectory(aside)) {
            try (Stream<Path> files = Files.list(aside)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.deleteIfExists(aside);
    }

    private static long bytes(Path path) throws IOException {
        if (Files.isRegularFile(path)) {
            return Files.size(path);
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    /// What a conversion writes, once the model is known.
    ///
    /// @param types of GGUF; of a folder, those that are as precise
    /// @param form of a folder
    private record Plan(GgufModelWriter.Types types, FolderForm form, String name) {

        static Plan of(ModelSource source, Target target, boolean rounds) {
            boolean ternary = source.config().linearKind().isTernary() || rounds;
            if (target.isTernary().orElse(ternary) && !ternary) {
                throw ModelFormatException.in(source.configPath()).expected("ternary weights for a ternary type")
                        .found("real ones")
                        .hint("a model must be trained that way (tern train); rounding destroys it, which "
                                + "--i-know --text FILE shows")
                        .problem();
            }
            GgufType own = ownType(source);
            return switch (target) {
                case Target.Gguf gguf -> {
                    GgufType linears = gguf.linears().orElseGet(() -> ternary ? usual(source.config()) : own);
                    if (ternary && linears == GgufType.Q4_0) {
                        throw ModelFormatException.in(source.configPath())
                                .expected("a type in which -1 and +1 are equally far from 0").found(linears)
                                .hint("Q8_0, F16, BF16 and F32 hold ternary weights as numbers").problem();
                    }
                    boolean plain = linears == GgufType.F32 || linears == GgufType.F16 || linears == GgufType.BF16;
                    GgufType embedding = gguf.embedding().orElse(!ternary && plain ? linears : GgufType.F16);
                    yield new Plan(new GgufModelWriter.Types(linears, embedding, embedding), FolderForm.F32,
                            linears.name());
                }
                case Target.Folder folder -> {
                    FolderForm form = folder.form().orElseGet(() -> ternary
                            ? FolderForm.AUTOBITLINEAR
                            : FolderForm.valueOf(own.name()));
                    GgufType embedding = folder.embedding().orElse(form.isPacked()
                            ? own
                            : GgufType.valueOf(form
                                    .name()));
                    // As precise as a packed folder's scales: single precision.
                    GgufType linears = form.isPacked() ? GgufType.I2_S : GgufType.valueOf(form.name());
                    yield new Plan(new GgufModelWriter.Types(linears, embedding, embedding), form, form.name()
                            .toLowerCase(Locale.ROOT));
                }
            };
        }

        /// What the programs that know the architecture run: bitnet.cpp has I2_S for ReLU², llama.cpp TQ2_0.
        private static GgufType usual(ModelConfig config) {
            return config.subNorms() && config.activation() == Activation.RELU_SQUARED
                    ? GgufType.I2_S
                    : GgufType.TQ2_0;
        }

        private static GgufType ownType(ModelSource source) {
            DType type = source.embedding().type();
            return switch (type) {
                case BF16 -> GgufType.BF16;
                case F16 -> GgufType.F16;
                case F32, F64, I64, I32, I16, I8, U8, BOOL -> GgufType.F32;
            };
        }
    }
}
