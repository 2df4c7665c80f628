package org.ternlm.command;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// A console whose streams can be read afterwards.
record RecordingConsole(ByteArrayOutputStream outBytes, ByteArrayOutputStream errorBytes, PrintStream out,
        PrintStream error, boolean errorIsTerminal, int width) implements Console {

    static RecordingConsole terminal(int width) {
        return create(true, width);
    }

    static RecordingConsole file() {
        return create(false, 80);
    }

    private static RecordingConsole create(boolean terminal, int width) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        return new RecordingConsole(out, error, new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(error, false, StandardCharsets.UTF_8), terminal, width);
    }

    @Override
    public InputStream in() {
        return new ByteArrayInputStream(new byte[0]);
    }

    @Override
    public boolean inputIsTerminal() {
        return false;
    }

    @Override
    public boolean outputIsTerminal() {
        return false;
    }

    String errorText() {
        return errorBytes.toString(StandardCharsets.UTF_8);
    }
}
