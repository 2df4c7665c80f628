package org.ternlm.command;

import java.io.InputStream;
import java.io.PrintStream;

/// A console without a terminal at either end: files, pipes, or memory, for programs and tests that run commands.
///
/// @param in the command's input
/// @param out takes its results
/// @param error takes progress, messages and warnings, as plain lines
public record PipedConsole(InputStream in, PrintStream out, PrintStream error) implements Console {
    private static final int WIDTH = 80;

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
}
