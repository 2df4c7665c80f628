package org.ternlm.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.Console;

/// The console of the process. Java alone cannot tell which stream is a terminal, nor how wide that is: the launcher
/// finds out and says so in the properties `tern.terminals` (any of `in`, `out` and `error`, with commas) and `tern.columns`.
record SystemConsole(InputStream in, PrintStream out, WatchedStream watchedOut, PrintStream error,
        boolean inputIsTerminal, boolean outputIsTerminal, boolean errorIsTerminal, int width) implements Console {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int USUAL_WIDTH = 80;

    /// The console of this process; to be made once.
    static SystemConsole ofProcess() {
        List<String> terminals = List.of(System.getProperty("tern.terminals", allOrNone()).split(","));
        return of(System.in, new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err),
                terminals, width(System.getProperty("tern.columns")));
    }

    /// A console on any streams; `terminals` may hold `in`, `out` and `error`.
    static SystemConsole of(InputStream in, OutputStream out, OutputStream error, List<String> terminals, int width) {
        WatchedStream watchedOut = new WatchedStream(out);
        return new SystemConsole(in, utf8(watchedOut), watchedOut, utf8(error), terminals.contains("in"),
                terminals.contains("out"), terminals.contains("error"), width);
    }

    static int width(@Nullable String columns) {
        return columns != null && columns.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(columns) : USUAL_WIDTH;
    }

    /// Text that a model writes is UTF-8, whatever the locale says.
    private static PrintStream utf8(OutputStream target) {
        return new PrintStream(new BufferedOutputStream(target, BUFFER_BYTES), false, StandardCharsets.UTF_8);
    }

    private static String allOrNone() {
        java.io.Console console = System.console();
        return console != null && console.isTerminal() ? "in,out,error" : "";
    }
}
