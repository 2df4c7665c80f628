package org.ternlm.cli.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.command.ExitCode;
import org.ternlm.convert.Conversion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tern export`.
@Command(customSynopsis = "tern export IN OUT [OPTIONS]", footer = {
        "  tern export runs/tiny/checkpoints/step-00002000 tiny    packs a checkpoint",
        "  tern run -m tiny \"Once upon a time\"                    and speaks with it"})
public final class ExportCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "IN", description = "A folder of master weights, as training leaves it.")
    private Path in = Path.of("");

    @Parameters(index = "1", paramLabel = "OUT", description = "The folder to write.")
    private Path out = Path.of("");

    @Option(names = "--force", description = "Writes over what is there.")
    private boolean force;

    /// An export that reports to `console`.
    public ExportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (Files.exists(out) && Files.isSameFile(in, out)) {
            throw new CommandException("IN and OUT are the same folder");
        }
        if (!force && Files.exists(out.resolve("model.safetensors"))) {
            throw new CommandException(out + " holds a model already", "--force writes over it");
        }
        Conversion.pack(in, out);
        console.error().println("%s: %,d bytes, read back and compared".formatted(out, bytes(out)));
        return ExitCode.OK;
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
