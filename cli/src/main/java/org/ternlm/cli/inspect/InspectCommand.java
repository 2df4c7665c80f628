package org.ternlm.cli.inspect;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ternlm.cli.output.Ink;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.command.ExitCode;
import org.ternlm.command.Progress;
import org.ternlm.command.Unit;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.Kernels;
import org.ternlm.options.HeadOption;
import org.ternlm.options.KvOption;
import org.ternlm.options.ModelOption;
import org.ternlm.options.ThreadsOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tern inspect`.
@Command(customSynopsis = "tern inspect [MODEL] [OPTIONS]", footer = {
        "  tern inspect                               the small model that comes with tern",
        "  tern inspect model.gguf --tensors          with a list of all tensors",
        "  tern inspect FOLDER --context 8192         memory and work at that length",
        "  tern inspect FOLDER --json | jq .trits     the same, for programs"})
public final class InspectCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "MODEL", arity = "0..1", hideParamSyntax = true, description = "The same as -m MODEL.")
    private @Nullable String name;

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(names = "--tensors", description = "Lists every tensor of the files.")
    private boolean tensors;

    @Option(names = "--context", paramLabel = "N", description = "Counts memory and work for so many positions; without it, for the whole context.")
    private @Nullable Integer context;

    @Mixin
    private KvOption kv = new KvOption();

    @Mixin
    private HeadOption head = new HeadOption();

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Option(names = "--json", description = "Prints one JSON object, tensors included.")
    private boolean json;

    /// A command that reports to `console`.
    public InspectCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (name != null) {
            model.use(name);
        }
        Inspection inspection = inspection();
        if (json) {
            console.out().println(new InspectionJson(inspection).text());
        } else {
            new InspectionPage(inspection, Ink.ofOutput(console), console.width()).print(console.out(), tensors);
        }
        return ExitCode.OK;
    }

    private Inspection inspection() {
        if (context != null && context < 1) {
            throw new CommandException("--context: expected at least 1, found " + context);
        }
        KernelSelection selection = KernelSelection.choose();
        try (Kernels kernels = selection.open(threads.count());
                Progress progress = Progress.withoutEnd(console, "reading", Unit.of("weights"))) {
            return Inspector.inspect(model.path(), head.form(), kernels, selection, context == null ? 0 : context,
                    kv.form(), progress::advance);
        }
    }
}
