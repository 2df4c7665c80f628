package org.ternlm.chat.schema;

/// A piece of JSON without nesting, read byte by byte: punctuation, a string, a number. From every state that is not
/// [#DEAD] it can be completed. Immutable.
interface Terminal {
    /// The state after a byte that cannot come.
    long DEAD = -1;

    /// The state after one more byte, 0 to 255, or [#DEAD].
    long step(long state, int next);

    /// Which way to go on if the piece may end here, from 0; otherwise -1.
    int outcome(long state);

    /// Whether bytes can follow within the piece.
    boolean hasMore(long state);

    /// Whether grammars share it, so that what vocabularies find out about it is worth keeping.
    default boolean isCommon() {
        return false;
    }

    /// A state that behaves alike for the next `bytes` bytes: states that give the same one share what was found out
    /// about them.
    default long alike(long state, int bytes) {
        return state;
    }
}
