package org.ternlm.terminal;

import java.nio.file.Path;
import org.ternlm.command.MemoryConsole;
import picocli.CommandLine;

/// One conversation through a pipe, inside the test's own process.
///
/// @param exitCode what the command returned; -1 if it threw `problem`
/// @param problem the message of what it threw, or empty
record Chat(int exitCode, String out, String error, String problem) {
    private static final Path ROOT = Path.of(System.getProperty("tern.root", ".."));

    static Path model(String name) {
        return ROOT.resolve("testdata/models").resolve(name);
    }

    /// Talks with the bundled model: a line a message, and always the likeliest answer.
    static Chat of(String input, String... args) {
        System.setProperty("tern.home", ROOT.toString());
        MemoryConsole console = new MemoryConsole(input);
        String[] problem = {""};
        CommandLine line = new CommandLine(new ChatCommand(console));
        line.setExecutionExceptionHandler((e, _, _) -> {
            problem[0] = String.valueOf(e.getMessage());
            return -1;
        });
        String[] all = new String[args.length + 4];
        System.arraycopy(new String[] {"--temperature", "0", "-t", "1"}, 0, all, 0, 4);
        System.arraycopy(args, 0, all, 4, args.length);
        int exitCode = line.execute(all);
        return new Chat(exitCode, console.outText(), console.errorText(), problem[0]);
    }
}
