package org.ternlm.cli;

import java.io.IOException;
import java.util.Arrays;
import org.ternlm.command.Console;
import org.ternlm.command.ExitCode;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// The program `tern`.
public final class Main {
    private Main() {}

    /// Runs the command that the arguments name, and ends the process with its exit code.
    public static void main(String[] args) {
        System.exit(run(args, SystemConsole.ofProcess()));
    }

    /// Runs the command that the arguments name. Never ends the process, never throws: a failure is one line on the
    /// console's error stream.
    ///
    /// @return an [ExitCode]
    public static int run(String[] words, Console console) {
        String[] args = CommandLines.withoutHelpWord(words);
        int exitCode;
        try {
            CommandLine commandLine = CommandLines.create(args, console);
            commandLine.setParameterExceptionHandler((problem, all) -> report(problem, args, console));
            commandLine.setExecutionExceptionHandler((problem, command, parsed) -> report(problem, args, console));
            exitCode = commandLine.execute(args);
        } catch (RuntimeException | Error problem) {
            // picocli's handlers do not see errors, such as a full heap.
            exitCode = report(problem, args, console);
        }
        if (console.out().checkError()) {
            exitCode = outputLost(exitCode, args, console);
        }
        console.error().flush();
        return exitCode;
    }

    /// A stream that failed says so only at the end, and not why; the process's own console knows.
    private static int outputLost(int exitCode, String[] args, Console console) {
        IOException problem = console instanceof SystemConsole system ? system.watchedOut().problem() : null;
        if (problem != null && Failure.of(problem).exitCode() != ExitCode.OUTPUT_CLOSED) {
            return report(problem, args, console);
        }
        return exitCode == ExitCode.OK ? ExitCode.OUTPUT_CLOSED : exitCode;
    }

    private static int report(Throwable problem, String[] args, Console console) {
        Failure failure = problem instanceof ParameterException wrong
                ? UsageFailure.of(wrong)
                : Failure.of(problem);
        console.out().flush();
        if (failure.line() != null) {
            console.error().println("tern: " + failure.line());
        }
        // Read from the plain arguments: after a wrong option nothing has been parsed.
        if (Arrays.asList(args).contains("--verbose")) {
            problem.printStackTrace(console.error());
        }
        return failure.exitCode();
    }
}
