package org.ternlm.chat.schema;

import java.util.Optional;

/// Strings.
///
/// @param min fewest code points
/// @param max most code points, [TextTerminal#UNLIMITED] for any number
/// @param characters what they are made of, if that is limited
/// @param narrowed whether the schema accepts more than `characters` does
record Text(int min, int max, Optional<Dfa> characters, boolean narrowed) implements Branch {
    static final Text ANY = new Text(0, TextTerminal.UNLIMITED, Optional.empty(), false);

    Text and(Text other) {
        Optional<Dfa> both = characters.isPresent() && other.characters.isPresent()
                ? Optional.of(characters.get().and(other.characters.get()))
                : characters.or(() -> other.characters);
        return new Text(Math.max(min, other.min), Math.min(max, other.max), both, narrowed || other.narrowed);
    }

    boolean contains(String text) {
        int length = text.codePointCount(0, text.length());
        return length >= min && length <= max && characters.map(dfa -> dfa.accepts(text)).orElse(true);
    }

    /// Whether no string is among them.
    boolean isEmpty() {
        return min > max || characters.map(Dfa::isEmpty).orElse(false);
    }

    /// The same, or more, as far as it is known for sure which strings the schema rejects.
    Text certain() {
        return narrowed ? new Text(min, max, Optional.empty(), false) : this;
    }
}
