package org.ternlm.convert;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufEntries;
import org.ternlm.kernel.Workers;
import org.ternlm.model.FolderForm;
import org.ternlm.model.FolderModelWriter;
import org.ternlm.model.GgufModelWriter;
import org.ternlm.model.MasterWeights;
import org.ternlm.model.ModelComparison;
import org.ternlm.model.ModelConfig;
import org.ternlm.model.ModelSource;
import org.ternlm.model.MultiplyAccumulates;

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

    /// Packs a folder of master weights, as training leaves it: four weights a byte and one scale a matrix, in the
    /// layout of the published 2B4T. ±1 weights fit into the ternary codes exactly.
    ///
    /// @throws ModelFormatException if `in` holds no master weights or is damaged
    /// @throws IOException if `out` cannot be written
    public static Result pack(Path in, Path out) throws IOException {
        ModelConfig config = MasterWeights.readConfig(in);
        if (!config.linearKind().isTernary()) {
            throw ModelFormatException.in(in.resolve("config.json")).at("quantization_config")
                    .expected("master weights of a ternary or ±1 model").found(config.linearKind()).problem();
        }
        return new Conversion(in, out, new Target.Folder(Optional.of(FolderForm.AUTOBITLINEAR), Optional.empty()),
                false, new Listener() {
                    @Override
                    public void starts(String what, long weights) {}

                    @Override
                    public void advances(long weights) {}
                }).run();
    }

    /// Converts.
    ///
    /// @throws ModelFormatException if the input is damaged, or the target cannot hold it
    /// @throws IOException if something cannot be read or written
    public Result run() throws IOException {
        try (Arena arena = Arena.ofShared(); Workers workers = new Workers(1)) {
            ModelSource source = ModelSource.open(in, workers, arena);
            ConversionPlan plan = ConversionPlan.of(source, target, rounds);
            Files.createDirectories(out.resolveSibling("."));
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

    private void writeFile(ModelSource source, ConversionPlan plan, Target.Gguf gguf, Path aside) throws IOException {
        GgufEntries entries = new GgufEntries();
        GgufModelWriter writer = GgufModelWriter.of(source, rounds, plan.types(), gguf.architecture(), entries,
                started("writing", source.config()));
        TokenizerFiles.putGeneral(in, entries);
        TokenizerFiles.put(in, source.config(), entries);
        writer.write(aside);
    }

    private void writeFolder(ModelSource source, ConversionPlan plan, Path aside) throws IOException {
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
        MultiplyAccumulates weights = MultiplyAccumulates.of(config, 0);
        return weights.linear() + weights.head() * (config.tiedHead() ? 1 : 2);
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
}
