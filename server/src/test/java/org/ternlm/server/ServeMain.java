package org.ternlm.server;

import java.io.InputStream;
import java.io.PrintStream;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.command.ExitCode;
import picocli.CommandLine;

/// `tern serve` as a process of its own, without the rest of the command line.
final class ServeMain {
    private ServeMain() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String[] args) {
        CommandLine commandLine = new CommandLine(new ServeCommand(new Streams()));
        commandLine.setExecutionExceptionHandler((problem, command, parsed) -> {
            System.err.println(problem.getMessage());
            return problem instanceof CommandException ? ExitCode.BAD_INPUT : ExitCode.FAILED;
        });
        return commandLine.execute(args);
    }

    static String help() {
        return new CommandLine(new ServeCommand(new Streams())).getUsageMessage(CommandLine.Help.Ansi.OFF);
    }

    private static final class Streams implements Console {
        @Override
        public InputStream in() {
            return System.in;
        }

        @Override
        public PrintStream out() {
            return System.out;
        }

        @Override
        public PrintStream error() {
            return System.err;
        }

        @Override
        public boolean inputIsTerminal() {
            return false;
        }

        @Override
        public boolean outputIsTerminal() {
            return false;
        }

        @Override
        public boolean errorIsTerminal() {
            return false;
        }

        @Override
        public int width() {
            return 80;
        }
    }
}
