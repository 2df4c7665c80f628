package org.ternlm.chat.schema;

/// A pattern that would need a larger automaton than schemas may have.
final class TooManyStatesException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooManyStatesException() {
        super("it is too large: its automaton would have too many states");
    }
}
