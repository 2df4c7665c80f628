package org.ternlm.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.ternlm.format.ModelFormatException;

/// The pieces of a vocabulary that says of what type each is, as SentencePiece models and GGUF files do. The numbers of
/// the types are those of `sentencepiece_model.proto`.
///
/// @param vocabulary the pieces; a token without letters has none
/// @param addedTokens those that are looked for in a text, special ones first
/// @param types by id, as the file has them
record TypedPieces(Vocabulary vocabulary, List<AddedToken> addedTokens, int[] types) {
    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int USER_DEFINED = 4;
    static final int UNUSED = 5;
    static final int BYTE = 6;
    /// Merges are found by taking pieces apart, in the square of their length.
    private static final int LONGEST_PIECE = 1_000;

    /// Where a file has the pieces and their types, for messages.
    interface Places {
        ModelFormatException.Problem piece(int id);

        ModelFormatException.Problem type(int id);
    }

    /// @param normalized whether user-defined pieces are looked for in the normalized text instead of the text as it is
    /// @throws ModelFormatException if a piece is there twice, or too long, or a type is none
    static TypedPieces of(List<String> tokens, int[] types, boolean normalized, Places places) {
        @Nullable
        String[] pieces = new @Nullable String[tokens.size()];
        Map<String, Integer> ids = new HashMap<>();
        boolean[] special = new boolean[pieces.length];
        boolean[] addedOnly = new boolean[pieces.length];
        List<AddedToken> added = new ArrayList<>();
        for (int id = 0; id < pieces.length; id++) {
            String piece = tokens.get(id);
            check(places, id, piece, types[id]);
            if (piece.isEmpty()) {
                continue;
            }
            if (ids.putIfAbsent(piece, id) != null) {
                throw places.piece(id).expected("each piece once").found(piece + " again").problem();
            }
            pieces[id] = piece;
            special[id] = types[id] == CONTROL || types[id] == UNKNOWN;
            addedOnly[id] = special[id] || types[id] == USER_DEFINED;
            if (addedOnly[id]) {
                added.add(new AddedToken(id, piece, false, false, false, normalized && !special[id], special[id]));
            }
        }
        return new TypedPieces(new Vocabulary(pieces, Collections.unmodifiableMap(ids), special, addedOnly),
                sorted(added), types);
    }

    private static void check(Places places, int id, String piece, int type) {
        if (type < NORMAL || type > BYTE) {
            throw places.type(id).expected("a kind from 1 to 6").found(type).problem();
        }
        if (piece.length() > LONGEST_PIECE) {
            throw places.piece(id).expected("at most " + LONGEST_PIECE + " characters").found(piece.length()).problem();
        }
    }

    private static List<AddedToken> sorted(Collection<AddedToken> tokens) {
        return tokens.stream().sorted(Comparator.comparing(token -> !token.special())).toList();
    }

    /// The same with `others`, each of which is a piece that is there already, under its id, or a new piece with an id of
    /// its own.
    TypedPieces with(List<AddedToken> others) {
        int size = others.stream().mapToInt(token -> token.id() + 1).reduce(vocabulary.size(), Math::max);
        @Nullable
        String[] pieces = Arrays.copyOf(vocabulary.pieces(), size);
        Map<String, Integer> ids = new HashMap<>(vocabulary.ids());
        boolean[] special = Arrays.copyOf(vocabulary.special(), size);
        boolean[] addedOnly = Arrays.copyOf(vocabulary.addedOnly(), size);
        int[] allTypes = Arrays.copyOf(types, size);
        Arrays.fill(allTypes, types.length, size, UNUSED);
        Map<Integer, AddedToken> added = new TreeMap<>();
        addedTokens.forEach(token -> added.put(token.id(), token));
        for (AddedToken token : others) {
            int id = token.id();
            if (ids.putIfAbsent(token.content(), id) == null) {
                pieces[id] = token.content();
                addedOnly[id] = true;
                allTypes[id] = token.special() ? CONTROL : USER_DEFINED;
            }
            special[id] = token.special();
            added.put(id, token);
        }
        return new TypedPieces(new Vocabulary(pieces, Collections.unmodifiableMap(ids), special, addedOnly),
                sorted(added.values()), allTypes);
    }

    /// Whether merging can make the token: SentencePiece's scores rank these.
    boolean isMade(int id) {
        return types[id] == NORMAL || types[id] == UNUSED || types[id] == USER_DEFINED;
    }
}
