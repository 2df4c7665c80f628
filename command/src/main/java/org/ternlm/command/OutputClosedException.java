package org.ternlm.command;

/// Nobody reads a command's output any more. Not an error: the program ends without a word.
public final class OutputClosedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OutputClosedException() {
        super("the reader of the output has gone");
    }
}
