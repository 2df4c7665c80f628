package org.ternlm.terminal;

import org.ternlm.command.Console;

/// What is shown: answers on the output, everything else on the error stream. A model may have learnt to write escape
/// sequences; a terminal gets none of them.
final class Screen {
    private final Console console;
    private boolean atLineStart = true;
    private boolean isFirst = true;
    private boolean isExact;

    Screen(Console console) {
        this.console = console;
    }

    /// A line about the conversation, not of it.
    void say(String line) {
        endLine();
        boolean faint = !line.isEmpty() && console.errorIsTerminal() && System.getenv("NO_COLOR") == null;
        String safe = visible(line);
        console.error().println(faint ? "\u001b[2m" + safe + "\u001b[0m" : safe);
        console.error().flush();
    }

    /// Starts an answer.
    ///
    /// @param exact whether white space at its very start is shown: it belongs to a text that goes on
    void startAnswer(boolean exact) {
        isFirst = true;
        isExact = exact;
    }

    /// A piece of an answer.
    void show(String piece) {
        String text = isFirst && !isExact ? piece.stripLeading() : piece;
        if (!text.isEmpty()) {
            isFirst = false;
            atLineStart = text.endsWith("\n");
            console.print(console.outputIsTerminal() ? visible(text) : text);
        }
    }

    /// Ends an answer, which takes a line even if it is empty.
    void endAnswer() {
        if (isFirst || !atLineStart) {
            console.print(System.lineSeparator());
        }
        atLineStart = true;
    }

    private void endLine() {
        if (!atLineStart) {
            console.print(System.lineSeparator());
            atLineStart = true;
        }
    }

    private static String visible(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            safe.append(Character.isISOControl(c) && c != '\n' && c != '\t' ? '\uFFFD' : c);
        }
        return safe.toString();
    }
}
