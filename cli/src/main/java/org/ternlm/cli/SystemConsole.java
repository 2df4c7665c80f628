package org.ternlm.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.Console;

/// The console of the process. Java alone cannot tell which stream is a terminal, nor how wide that is: the launcher
/// finds out and says so in the properties `tern.terminals` (`out`, `error` or `out,error`) and `tern.columns`.
record SystemConsole(InputStream in, PrintStream out, PrintStream error, boolean outputIsTerminal,
        boolean errorIsTerminal, int width) implements Console {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int USUAL_WIDTH = 80;

    /// The console of this process; to be made once.
    static SystemConsole ofProcess() {
        List<String> terminals = List.of(System.getProperty("tern.terminals", bothOrNone()).split(","));
        return new SystemConsole(System.in, stream(FileDescriptor.out), stream(FileDescriptor.err),
                terminals.contains("out"), terminals.contains("error"), width(System.getProperty("tern.columns")));
    }

    static int width(@Nullable String columns) {
        return columns != null && columns.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(columns) : USUAL_WIDTH;
    }

    /// Text that a model writes is UTF-8, whatever the locale says.
    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new BufferedOutputStream(new FileOutputStream(descriptor), BUFFER_BYTES), false,
                StandardCharsets.UTF_8);
    }

    private static String bothOrNone() {
        java.io.Console console = System.console();
        return console != null && console.isTerminal() ? "out,error" : "";
    }
}
