package org.ternlm.cli.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.command.ExitCode;
import org.ternlm.convert.Conversion;
import org.ternlm.convert.Target;
import org.ternlm.format.gguf.GgufFile;
import org.ternlm.format.gguf.GgufType;
import org.ternlm.model.FolderForm;
import org.ternlm.options.ModelOption;
import org.ternlm.options.ThreadsOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tern convert`.
@Command(customSynopsis = "tern convert IN OUT [OPTIONS]", footer = {
        "  tern convert FOLDER tiny.gguf --type i2_s  a folder as GGUF",
        "  tern convert tiny.gguf tiny                and back",
        "  tern convert tiny.gguf tiny --type f32     trits times scales, as numbers"})
public final class ConvertCommand implements Callable<Integer> {
    private static final List<GgufType> FILE_TYPES = List.of(GgufType.TQ1_0, GgufType.TQ2_0, GgufType.I2_S,
            GgufType.Q8_0, GgufType.Q4_0, GgufType.F16, GgufType.BF16, GgufType.F32);
    private static final List<GgufType> FILE_NUMBERS = List.of(GgufType.Q8_0, GgufType.F16, GgufType.BF16,
            GgufType.F32);
    private static final List<GgufType> NUMBERS = List.of(GgufType.F16, GgufType.BF16, GgufType.F32);

    private final Console console;

    @Parameters(index = "0", paramLabel = "IN", description = "A Hugging Face folder, a .gguf file, or hf:ORG/NAME after tern pull.")
    private String in = "";

    @Parameters(index = "1", paramLabel = "OUT", description = "A file that ends in .gguf, or the folder to write.")
    private Path out = Path.of("");

    @Option(names = "--type", paramLabel = "TYPE", description = "Linear layers: in GGUF tq1_0, tq2_0, i2_s, q8_0, q4_0, f16, bf16 or f32; in a folder autobitlinear, bitlinear, int8, bf16, f16 or f32. Without it, packed where the model is ternary, else as the model has them.")
    private @Nullable String type;

    @Option(names = "--embedding", paramLabel = "TYPE", description = "Embedding and head: f16, bf16, f32 or, in GGUF, q8_0. Without it, f16 beside ternary weights in GGUF, else as the model has them.")
    private @Nullable String embedding;

    @Option(names = "--architecture", paramLabel = "NAME", description = "What a GGUF file calls the model, where several names mean the same arithmetic.")
    private @Nullable String architecture;

    @Option(names = "--force", description = "Writes over what is there.")
    private boolean force;

    @Option(names = "--i-know", description = "Rounds a model of real weights to ternary ones, which destroys it, and shows by how much.")
    private boolean rounds;

    @Option(names = "--text", paramLabel = "FILE", description = "The text for --i-know: its perplexity before and after.")
    private @Nullable Path text;

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    /// A conversion that reports to `console`.
    public ConvertCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Path model = ModelOption.located(in);
        checkPlaces(model);
        Target target = GgufFile.isNamed(out) ? file() : folder();
        if (rounds && (text == null || !target.isTernary().orElse(false))) {
            throw new CommandException(text == null
                    ? "--i-know needs --text FILE, on which it shows what rounding does"
                    : "--i-know needs a ternary --type");
        }
        Rounding rounding = rounds && text != null ? Rounding.of(text, threads.count()) : null;
        Rounding.Measure before = rounding == null ? null : rounding.measure(model);
        Conversion.Result result;
        long start = System.nanoTime();
        try (ConversionProgress progress = new ConversionProgress(console)) {
            result = new Conversion(model, out, target, rounds, progress).run();
        }
        console.error().println("%s: %s, %,d bytes in %.1f s; read back and compared: %s".formatted(out,
                result.linears(), result.bytes(), (System.nanoTime() - start) / 1e9, agreement(result)));
        if (rounding != null && before != null) {
            console.error().println(rounding.compare(before, rounding.measure(out)));
        }
        return ExitCode.OK;
    }

    private static String agreement(Conversion.Result result) {
        String codes = result.agreement().codes() == 0
                ? ""
                : "%,d ternary weights are the same, ".formatted(result.agreement().codes());
        return codes + "%,d numbers within the precision of their types".formatted(result.agreement().numbers());
    }

    private void checkPlaces(Path model) throws IOException {
        if (!Files.exists(out)) {
            Path parent = out.toAbsolutePath().getParent();
            if (parent == null || !Files.isDirectory(parent)) {
                throw new CommandException("no folder to write into: " + parent);
            }
            return;
        }
        if (Files.isSameFile(model, out)) {
            throw new CommandException("IN and OUT are the same");
        }
        boolean file = GgufFile.isNamed(out);
        if (file == Files.isDirectory(out)) {
            throw new CommandException(out + (file ? " is a folder" : " is a file"));
        }
        boolean taken = file || Files.exists(out.resolve("model.safetensors"));
        if (taken && !force) {
            throw new CommandException(out + " holds a model already", "--force writes over it");
        }
    }

    private Target file() {
        return new Target.Gguf(named("--type", type, FILE_TYPES), named("--embedding", embedding, FILE_NUMBERS),
                Optional.ofNullable(architecture));
    }

    private Target folder() {
        if (architecture != null) {
            throw new CommandException("--architecture is for .gguf files; a folder's follows from the model");
        }
        return new Target.Folder(named("--type", type, Arrays.asList(FolderForm.values())), named("--embedding",
                embedding, NUMBERS));
    }

    private static <T extends Enum<T>> Optional<T> named(String option, @Nullable String name, List<T> possible) {
        if (name == null) {
            return Optional.empty();
        }
        Optional<T> found = possible.stream().filter(value -> value.name().equalsIgnoreCase(name)).findFirst();
        if (found.isEmpty()) {
            Stream<String> names = possible.stream().map(value -> value.name().toLowerCase(Locale.ROOT));
            throw new CommandException("%s: expected %s, found %s".formatted(option, String.join(", ", names.toList()),
                    name));
        }
        return found;
    }
}
