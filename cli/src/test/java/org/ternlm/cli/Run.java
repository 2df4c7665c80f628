package org.ternlm.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// One run of the program inside the test's own process.
record Run(int exitCode, String out, String error) {
    /// Runs `tern` with these arguments, no terminal and no input.
    static Run tern(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        SystemConsole console = new SystemConsole(new ByteArrayInputStream(new byte[0]), stream(out), stream(error),
                false, false, 80);
        int exitCode = Main.run(args, console);
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), error.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, false, StandardCharsets.UTF_8);
    }
}
