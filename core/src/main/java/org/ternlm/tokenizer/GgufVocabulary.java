package org.ternlm.tokenizer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufMetadata;

/// The pieces of a GGUF file: `tokenizer.ggml.tokens`, and of what kind each is.
///
/// @param vocabulary the pieces; a token without letters has none
/// @param addedTokens those that are looked for in a text, special ones first
/// @param kinds by id, as the file has them
record GgufVocabulary(Vocabulary vocabulary, List<AddedToken> addedTokens, int[] kinds) {
    static final String TOKENS = "tokenizer.ggml.tokens";
    private static final String KINDS = "tokenizer.ggml.token_type";
    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int UNUSED = 5;
    private static final int BYTE = 6;
    /// Merges are found by taking pieces apart, in the square of their length.
    private static final int LONGEST_PIECE = 1_000;

    /// @throws ModelFormatException if the arrays are missing, do not agree, or hold a piece twice
    static GgufVocabulary read(GgufMetadata metadata) {
        List<String> tokens = metadata.texts(TOKENS);
        int[] kinds = metadata.optionalWholes(KINDS, tokens.size())
                .orElseThrow(() -> metadata.wrong(KINDS, "an array of " + tokens.size() + " integers"));
        @Nullable
        String[] pieces = new @Nullable String[tokens.size()];
        Map<String, Integer> ids = new HashMap<>();
        boolean[] special = new boolean[pieces.length];
        boolean[] addedOnly = new boolean[pieces.length];
        List<AddedToken> added = new ArrayList<>();
        for (int id = 0; id < pieces.length; id++) {
            String piece = tokens.get(id);
            check(metadata, id, piece, kinds[id]);
            if (piece.isEmpty()) {
                continue;
            }
            if (ids.putIfAbsent(piece, id) != null) {
                throw metadata.problem(TOKENS + "." + id).expected("each piece once").found(piece + " again").problem();
            }
            pieces[id] = piece;
            special[id] = kinds[id] == CONTROL || kinds[id] == UNKNOWN;
            addedOnly[id] = special[id] || kinds[id] == USER_DEFINED;
            if (addedOnly[id]) {
                added.add(new AddedToken(id, piece, false, false, false, false, special[id]));
            }
        }
        added.sort(Comparator.comparing(token -> !token.special()));
        return new GgufVocabulary(new Vocabulary(pieces, Collections.unmodifiableMap(ids), special, addedOnly), added,
                kinds);
    }

    private static void check(GgufMetadata metadata, int id, String piece, int kind) {
        if (kind < NORMAL || kind > BYTE) {
            throw metadata.problem(KINDS + "." + id).expected("a kind from 1 to 6").found(kind).problem();
        }
        if (piece.length() > LONGEST_PIECE) {
            throw metadata.problem(TOKENS + "." + id).expected("at most " + LONGEST_PIECE + " characters")
                    .found(piece.length()).problem();
        }
    }

    /// Whether merging can make the token: SentencePiece's scores rank these.
    boolean isMade(int id) {
        return kinds[id] == NORMAL || kinds[id] == UNUSED || kinds[id] == USER_DEFINED;
    }
}
