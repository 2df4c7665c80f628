package org.ternlm.chat.schema;

import java.util.Set;
import org.ternlm.tokenizer.Tokenizer;

/// The bytes of all tokens of a model, laid out so that a mask can walk them together. Made once a model; immutable and
/// safe for several threads.
public final class TokenVocabulary {
    private TokenVocabulary() {}

    /// @param size tokens of the model; those beyond the tokenizer's are never allowed
    /// @param ends tokens that end a text: allowed where the JSON is complete
    public static TokenVocabulary of(Tokenizer tokenizer, int size, Set<Integer> ends) {
        throw new UnsupportedOperationException("to come: " + tokenizer + size + ends);
    }
}
