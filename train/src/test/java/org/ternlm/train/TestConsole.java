package org.ternlm.train;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.ternlm.command.Console;

/// A console that keeps what it is told.
public final class TestConsole implements Console {
    private final ByteArrayOutputStream errorBytes = new ByteArrayOutputStream();
    private final PrintStream error = new PrintStream(errorBytes, true, StandardCharsets.UTF_8);

    @Override
    public InputStream in() {
        return new ByteArrayInputStream(new byte[0]);
    }

    @Override
    public PrintStream out() {
        throw new AssertionError("training has no results to print");
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

    /// What was said so far.
    public String errorText() {
        return errorBytes.toString(StandardCharsets.UTF_8);
    }
}
