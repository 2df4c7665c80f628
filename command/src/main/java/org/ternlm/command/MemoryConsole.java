package org.ternlm.command;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// A console in memory, without a terminal at either end: for programs that run commands and want what they said, and for
/// tests. Safe for one command at a time.
public final class MemoryConsole implements Console {
    private static final int WIDTH = 80;

    private final InputStream in;
    private final ByteArrayOutputStream errorBytes = new ByteArrayOutputStream();
    private final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(outBytes, true, StandardCharsets.UTF_8);
    private final PrintStream error = new PrintStream(errorBytes, true, StandardCharsets.UTF_8);

    /// A console without input.
    public MemoryConsole() {
        this("");
    }

    /// A console that reads a text.
    public MemoryConsole(String input) {
        in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public InputStream in() {
        return in;
    }

    @Override
    public PrintStream out() {
        return out;
    }

    @Override
    public PrintStream error() {
        return error;
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
        return WIDTH;
    }

    /// What was printed as a result so far.
    public String outText() {
        return outBytes.toString(StandardCharsets.UTF_8);
    }

    /// What was said so far.
    public String errorText() {
        return errorBytes.toString(StandardCharsets.UTF_8);
    }
}
