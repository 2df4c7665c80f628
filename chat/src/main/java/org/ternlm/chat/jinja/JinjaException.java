package org.ternlm.chat.jinja;

/// A template that is no Jinja, that asks for what there is not, or that refused its values.
public final class JinjaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean raised;
    private final int line;

    JinjaException(String message) {
        this(message, 0, false);
    }

    private JinjaException(String message, int line, boolean raised) {
        super(line == 0 || raised ? message : "line " + line + ": " + message);
        this.line = line;
        this.raised = raised;
    }

    /// What a template says when it calls `raise_exception`.
    static JinjaException raised(String message) {
        return new JinjaException(message, 0, true);
    }

    /// The same, with its line where that is not known yet.
    JinjaException at(int place) {
        return line > 0 || raised ? this : new JinjaException(String.valueOf(getMessage()), place, false);
    }

    /// Whether the template itself refused its values by `raise_exception`; the message is then the template's.
    public boolean isRaised() {
        return raised;
    }
}
