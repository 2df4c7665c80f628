package org.ternlm.compare;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.ternlm.command.Console;

/// A console that keeps what it is told.
public final class TestConsole implements Console {
    private final ByteArrayOutputStream errorBytes = new ByteArrayOutputStream();
    private final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(outBytes, true, StandardCharsets.UTF_8);
    private final PrintStream error = new PrintStream(errorBytes, true, StandardCharsets.UTF_8);

    @Override
    public InputStream in() {
        return new ByteArrayInputStream(new byte[0]);
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
        return 80;
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
