package org.ternlm.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.ternlm.cli.output.Ink;
import org.ternlm.command.Console;
import org.ternlm.command.ExitCode;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.Kernels;
import org.ternlm.options.ModelOption;
import org.ternlm.options.NativeOption;
import org.ternlm.options.ThreadsOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tern doctor`.
@Command(customSynopsis = "tern doctor [-m MODEL] [OPTIONS]", footer = {
        "  tern doctor                            what this machine can do",
        "  tern doctor -m FOLDER -t 4             how fast a model should be, and is",
        "  tern doctor --json | jq .environment   the same, for programs"})
public final class DoctorCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ModelOption model = new ModelOption();

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Mixin
    private NativeOption nativeLibrary = new NativeOption();

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    /// A doctor that reports to `console`.
    public DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Report report = report();
        if (json) {
            console.out().println(report.json());
        } else {
            report.print(console.out(), Ink.ofOutput(console));
        }
        return report.hasFailures() ? ExitCode.FAILED : ExitCode.OK;
    }

    private Report report() {
        int count = threads.count();
        KernelSelection selection = KernelSelection.choose();
        try (Kernels kernels = selection.open(count, nativeLibrary.choice())) {
            MemoryExamination memory = new MemoryExamination(kernels.workers());
            List<Examination> examinations = new ArrayList<>(List.of(new EnvironmentExamination(),
                    new KernelExamination(selection, kernels), new SelfTest(kernels), memory));
            Path bundled = ModelOption.bundledModel();
            if (model.isGiven() || bundled != null && Files.exists(bundled)) {
                examinations.add(new ModelExamination(model.path(), count, memory));
            }
            return Report.of(examinations);
        }
    }
}
