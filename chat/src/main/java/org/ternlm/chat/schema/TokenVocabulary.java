package org.ternlm.chat.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ternlm.tokenizer.Tokenizer;

/// The bytes of all tokens of a model, laid out so that a mask can walk them together. Made once a model; immutable for
/// its users and safe for several threads. What it has found out about common pieces of JSON it keeps, up to
/// some 16 MB for a vocabulary of 128,000 tokens.
public final class TokenVocabulary {
    private static final int MOST_WALKS = 1000;

    private final List<byte @Nullable []> bytes;
    private final ByteTrie trie;
    private final Set<Integer> ends;
    private final Walks walks;

    private TokenVocabulary(List<byte @Nullable []> bytes, Set<Integer> ends) {
        this.bytes = bytes;
        this.ends = Set.copyOf(ends);
        trie = new ByteTrie(bytes);
        walks = new Walks(trie, MOST_WALKS);
    }

    /// @param size tokens of the model; those beyond the tokenizer's are never allowed
    /// @param ends tokens that end a text: allowed where the JSON is complete
    public static TokenVocabulary of(Tokenizer tokenizer, int size, Set<Integer> ends) {
        List<byte @Nullable []> bytes = new ArrayList<>();
        for (int token = 0; token < Math.min(size, tokenizer.vocabularySize()); token++) {
            bytes.add(tokenizer.isSpecial(token) ? null : tokenizer.bytes(token));
        }
        return of(bytes, ends);
    }

    /// @param bytes of each token; those that are null or empty are never allowed
    static TokenVocabulary of(List<byte @Nullable []> bytes, Set<Integer> ends) {
        List<byte @Nullable []> usable = new ArrayList<>(bytes);
        for (int token = 0; token < usable.size(); token++) {
            byte[] own = usable.get(token);
            if (own != null && (own.length == 0 || own.length >= Short.MAX_VALUE || ends.contains(token))) {
                usable.set(token, null);
            }
        }
        return new TokenVocabulary(usable, ends);
    }

    ByteTrie trie() {
        return trie;
    }

    Set<Integer> ends() {
        return ends;
    }

    /// The bytes of a token, or null if it is never allowed but for an end.
    byte @Nullable [] bytes(int token) {
        return token >= 0 && token < bytes.size() ? bytes.get(token) : null;
    }

    /// What common terminals make of all tokens.
    Walks walks() {
        return walks;
    }
}
