package org.ternlm.server;

import org.ternlm.command.CommandException;
import org.ternlm.command.ExitCode;
import org.ternlm.command.PipedConsole;
import picocli.CommandLine;

/// `tern serve` as a process of its own, without the rest of the command line.
final class ServeMain {
    private ServeMain() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String[] args) {
        CommandLine commandLine = new CommandLine(
                new ServeCommand(new PipedConsole(System.in, System.out, System.err)));
        commandLine.setExecutionExceptionHandler((problem, command, parsed) -> {
            System.err.println(problem.getMessage());
            return problem instanceof CommandException ? ExitCode.BAD_INPUT : ExitCode.FAILED;
        });
        return commandLine.execute(args);
    }

    static String help() {
        return new CommandLine(new ServeCommand(new PipedConsole(System.in, System.out, System.err)))
                .getUsageMessage(CommandLine.Help.Ansi.OFF);
    }
}
