package org.ternlm.terminal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.ternlm.command.Console;
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
        Streams streams = new Streams(input);
        String[] problem = {""};
        CommandLine line = new CommandLine(new ChatCommand(streams));
        line.setExecutionExceptionHandler((e, _, _) -> {
            problem[0] = String.valueOf(e.getMessage());
            return -1;
        });
        String[] all = new String[args.length + 4];
        System.arraycopy(new String[] {"--temperature", "0", "-t", "1"}, 0, all, 0, 4);
        System.arraycopy(args, 0, all, 4, args.length);
        int exitCode = line.execute(all);
        return new Chat(exitCode, text(streams.out), text(streams.error), problem[0]);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static final class Streams implements Console {
        private final InputStream in;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream error = new ByteArrayOutputStream();
        private final PrintStream outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
        private final PrintStream errorStream = new PrintStream(error, true, StandardCharsets.UTF_8);

        Streams(String input) {
            in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public InputStream in() {
            return in;
        }

        @Override
        public PrintStream out() {
            return outStream;
        }

        @Override
        public PrintStream error() {
            return errorStream;
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
