package org.ternlm.command;

/// How the program ended, for scripts.
public final class ExitCode {
    /// It did what was asked.
    public static final int OK = 0;
    /// It failed, or what it checked is not as it should be.
    public static final int FAILED = 1;
    /// It was asked for something that cannot be done: a wrong option, a missing or damaged file.
    public static final int BAD_INPUT = 2;
    /// Ctrl-C, as shells count it: 128 + SIGINT.
    public static final int INTERRUPTED = 130;
    /// The reader of the output went away, as shells count it: 128 + SIGPIPE.
    public static final int OUTPUT_CLOSED = 141;

    private ExitCode() {}
}
