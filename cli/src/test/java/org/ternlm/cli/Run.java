package org.ternlm.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// One run of the program inside the test's own process.
record Run(int exitCode, String out, String error) {
    private static final Path ROOT = Path.of(System.getProperty("tern.root", ".."));

    /// A folder of `testdata/models`.
    static String model(String name) {
        return ROOT.resolve("testdata/models").resolve(name).toString();
    }

    /// A file below `testdata`.
    static Path file(String name) {
        return ROOT.resolve("testdata").resolve(name);
    }

    /// The root of the checkout, the program's home.
    static Path home() {
        return ROOT;
    }

    /// Runs `tern` with these arguments, no terminal and no input.
    static Run tern(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        return into(out, out, args);
    }

    /// Runs `tern` with this text as its input.
    static Run reading(String input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        return into(out, out, input, List.of(), args);
    }

    /// Runs `tern` at a terminal of 80 columns.
    static Run atTerminal(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        return into(out, out, "", List.of("in", "out", "error"), args);
    }

    /// Runs `tern` with its output going to `target`, where that passes it on to `out`.
    static Run into(OutputStream target, ByteArrayOutputStream out, String... args) {
        return into(target, out, "", List.of(), args);
    }

    private static Run into(OutputStream target, ByteArrayOutputStream out, String input, List<String> terminals,
            String... args) {
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        SystemConsole console = SystemConsole.of(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), target, error, terminals, 80);
        int exitCode = Main.run(args, console);
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), error.toString(StandardCharsets.UTF_8));
    }
}
