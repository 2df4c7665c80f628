package org.ternlm.tokenizer;

/// A vocabulary of the size asked for cannot be made: it is too small for the bytes and the special tokens, or larger
/// than the texts allow. The message says what was expected and found.
public final class VocabularySizeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private final int requested;
    private final int possible;

    VocabularySizeException(String message, int requested, int possible) {
        super(message);
        this.requested = requested;
        this.possible = possible;
    }

    /// The size asked for.
    public int requested() {
        return requested;
    }

    /// The nearest size that can be had.
    public int possible() {
        return possible;
    }
}
