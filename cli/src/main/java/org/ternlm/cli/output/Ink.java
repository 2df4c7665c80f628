package org.ternlm.cli.output;

import org.ternlm.command.Console;

/// Bold, faint and coloured text where a person reads it; plain text everywhere else, and where `NO_COLOR` is set.
public enum Ink {
    /// For terminals that understand it.
    COLOURED,
    /// For everything else.
    PLAIN;

    /// What fits the console's results.
    public static Ink ofOutput(Console console) {
        return of(console.outputIsTerminal());
    }

    private static Ink of(boolean terminal) {
        boolean wanted = terminal && System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM"));
        return wanted ? COLOURED : PLAIN;
    }

    /// A heading, or what the user wrote.
    public String bold(String text) {
        return paint("1", text);
    }

    /// What matters less.
    public String faint(String text) {
        return paint("2", text);
    }

    /// What is wrong.
    public String red(String text) {
        return paint("31", text);
    }

    /// One of two sides.
    public String blue(String text) {
        return paint("34", text);
    }

    /// What could be better, or the other of two sides.
    public String yellow(String text) {
        return paint("33", text);
    }

    private String paint(String code, String text) {
        return this == PLAIN || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
