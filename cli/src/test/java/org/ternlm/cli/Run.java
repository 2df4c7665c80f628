package org.ternlm.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// One run of the program inside the test's own process.
record Run(int exitCode, String out, String error) {
    /// Runs `tern` with these arguments, no terminal and no input.
    static Run tern(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        return into(out, out, args);
    }

    /// Runs `tern` with its output going to `target`, where that passes it on to `out`.
    static Run into(OutputStream target, ByteArrayOutputStream out, String... args) {
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        SystemConsole console = SystemConsole.of(new ByteArrayInputStream(new byte[0]), target, error, List.of(), 80);
        int exitCode = Main.run(args, console);
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), error.toString(StandardCharsets.UTF_8));
    }
}
