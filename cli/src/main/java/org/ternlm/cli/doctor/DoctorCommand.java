package org.ternlm.cli.doctor;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.ternlm.command.Console;
import org.ternlm.command.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tern doctor`.
@Command(footer = {"  tern doctor                            what this machine can do",
        "  tern doctor --json | jq .environment   the same, for programs"})
public final class DoctorCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    /// A doctor that reports to `console`.
    public DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Report report = Report.of(List.of(new EnvironmentExamination()));
        if (json) {
            console.out().println(report.json());
        } else {
            report.print(console.out());
        }
        return ExitCode.OK;
    }
}
