package org.ternlm.command;

import org.jspecify.annotations.Nullable;

/// The user asked for something that cannot be done: the message says in one line what and why, the hint what to do
/// about it. Ends the program with [ExitCode#BAD_INPUT].
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final @Nullable String hint;

    /// @param message what is wrong, for the user, without a full stop
    public CommandException(String message) {
        this(message, null, null);
    }

    /// @param message what is wrong, for the user, without a full stop
    /// @param hint what the user can do about it
    public CommandException(String message, @Nullable String hint) {
        this(message, hint, null);
    }

    /// @param message what is wrong, for the user, without a full stop
    /// @param hint what the user can do about it
    /// @param cause what `--verbose` shows in addition
    public CommandException(String message, @Nullable String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.hint = hint;
    }

    /// What the user can do about it, or null.
    public @Nullable String hint() {
        return hint;
    }
}
