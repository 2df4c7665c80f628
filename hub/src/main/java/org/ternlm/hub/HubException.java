package org.ternlm.hub;

import org.jspecify.annotations.Nullable;

/// What a hub or the cache could not give: the message says in one line what and why, the hint what to do about it.
public final class HubException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Kind kind;
    private final @Nullable String hint;

    /// What went wrong, for programs.
    public enum Kind {
        /// A name, a pattern or a setting makes no sense.
        BAD_NAME,
        /// The hub has no such repository, revision or file.
        NOT_FOUND,
        /// The hub wants a token, or another one.
        REFUSED,
        /// The cache does not hold it, and the hub may not be asked.
        NOT_CACHED,
        /// The hub answered something that is not understood or not safe to follow.
        BAD_ANSWER,
        /// The hub did not answer, or asks to come back later.
        UNREACHABLE,
        /// What arrived is not what the hub listed.
        DAMAGED,
        /// The disk is too small, or cannot be written.
        STORAGE
    }

    /// @param message what is wrong, without a full stop
    /// @param hint what the user can do about it
    HubException(Kind kind, String message, @Nullable String hint) {
        this(kind, message, hint, null);
    }

    /// @param cause the exception that showed it
    HubException(Kind kind, String message, @Nullable String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.hint = hint;
    }

    /// What went wrong.
    public Kind kind() {
        return kind;
    }

    /// What the user can do about it, or null.
    public @Nullable String hint() {
        return hint;
    }

    /// Whether the same request may succeed at another time.
    public boolean isTemporary() {
        return kind == Kind.UNREACHABLE || kind == Kind.DAMAGED || kind == Kind.STORAGE;
    }
}
