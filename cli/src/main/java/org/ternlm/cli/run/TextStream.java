package org.ternlm.cli.run;

import org.ternlm.cli.output.Ink;
import org.ternlm.cli.output.Visible;
import org.ternlm.command.Console;

/// Shows a text while it is being written.
final class TextStream {
    private final Console console;
    private boolean atLineStart = true;

    TextStream(Console console) {
        this.console = console;
    }

    /// The prompt, so that the text reads whole.
    void prompt(String text) {
        show(text, Ink.ofOutput(console));
    }

    /// What was generated.
    void add(String text) {
        show(text, Ink.PLAIN);
    }

    /// Ends the last line.
    void end() {
        if (!atLineStart) {
            console.print(System.lineSeparator());
            atLineStart = true;
        }
    }

    private void show(String text, Ink ink) {
        if (!text.isEmpty()) {
            atLineStart = text.endsWith("\n");
            console.print(ink.bold(console.outputIsTerminal() ? Visible.onTerminal(text) : text));
        }
    }
}
