package org.ternlm.tokenizer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ternlm.format.ModelFormatException;

/// Reads `model.vocab` and `added_tokens`. An id belongs to one piece and a piece has one id. Ids may leave gaps, but
/// not more than there are pieces: the largest id decides how much memory the vocabulary takes.
final class VocabularyReader {
    private static final int GAPS_ALWAYS_ALLOWED = 1_024;
    private static final int LONGEST_ADDED_TOKEN = 1_000;
    private static final Set<String> ADDED_TOKEN_SETTINGS = Set.of("id", "content", "single_word", "lstrip", "rstrip",
            "normalized", "special");

    private final JsonPlace root;
    private final Map<String, Integer> modelPieces;
    private final Map<String, Integer> ids;
    private final List<AddedToken> addedTokens = new ArrayList<>();
    private final Vocabulary vocabulary;
    private int largestId = -1;

    /// @throws ModelFormatException if anything is wrong with the pieces
    VocabularyReader(TokenizerFile file) {
        root = file.root();
        if (file.pieces() == null || file.pieces().isEmpty()) {
            throw root.get("model").get("vocab").wrong("an object of pieces and ids");
        }
        modelPieces = file.pieces();
        ids = new HashMap<>(modelPieces);
        readPieces();
        readAddedTokens();
        vocabulary = arrange();
    }

    Vocabulary vocabulary() {
        return vocabulary;
    }

    /// The added tokens, special ones first.
    List<AddedToken> addedTokens() {
        return addedTokens.stream().sorted(Comparator.comparing((AddedToken t) -> !t.special())).toList();
    }

    private void readPieces() {
        modelPieces.forEach((piece, id) -> {
            requireWellFormed(root.get("model").get("vocab"), piece);
            largestId = Math.max(largestId, id);
        });
    }

    private void readAddedTokens() {
        JsonPlace tokens = root.get("added_tokens");
        if (tokens.isAbsent()) {
            return;
        }
        Set<String> seen = new HashSet<>();
        for (JsonPlace place : tokens.elements()) {
            AddedToken token = addedToken(place);
            if (!seen.add(token.content())) {
                throw place.get("content").wrong("a token that was not added before");
            }
            Integer modelId = ids.get(token.content());
            if (modelId == null) {
                put(token.content(), token.id());
            } else if (modelId != token.id()) {
                throw place.get("id").wrong(modelId + ", the id of " + token.content() + " in model.vocab");
            }
            addedTokens.add(token);
        }
    }

    private static AddedToken addedToken(JsonPlace place) {
        place.refuseOthers(ADDED_TOKEN_SETTINGS);
        String text = spelling(place.get("content"));
        boolean special = place.get("special").flag(false);
        return new AddedToken(place.get("id").count(), text, place.get("single_word").flag(false),
                place.get("lstrip").flag(false), place.get("rstrip").flag(false),
                place.get("normalized").flag(!special), special);
    }

    /// The spelling of an added token.
    ///
    /// @throws ModelFormatException if it is no text, an endless one, or no Unicode
    static String spelling(JsonPlace content) {
        String text = content.text();
        if (text.isEmpty() || text.length() > LONGEST_ADDED_TOKEN) {
            throw content.problem().expected("1 to " + LONGEST_ADDED_TOKEN + " characters").found(text.length())
                    .problem();
        }
        requireWellFormed(content, text);
        return text;
    }

    private void put(String piece, int id) {
        ids.put(piece, id);
        largestId = Math.max(largestId, id);
    }

    /// JSON can spell half a surrogate pair, UTF-8 cannot.
    private static void requireWellFormed(JsonPlace place, String piece) {
        for (int i = 0; i < piece.length(); i++) {
            if (!Character.isSurrogate(piece.charAt(i))) {
                continue;
            }
            int codePoint = piece.codePointAt(i);
            if (!Character.isSupplementaryCodePoint(codePoint)) {
                throw place.problem().expected("Unicode text").found("an unpaired surrogate").problem();
            }
            i++;
        }
    }

    private Vocabulary arrange() {
        long gaps = largestId + 1L - ids.size();
        if (gaps > Math.max(ids.size(), GAPS_ALWAYS_ALLOWED)) {
            throw root.get("model").get("vocab").problem()
                    .expected("ids without large gaps for " + ids.size() + " pieces")
                    .found("the id " + largestId).problem();
        }
        @Nullable
        String[] pieces = new @Nullable String[largestId + 1];
        boolean[] addedOnly = new boolean[pieces.length];
        boolean[] special = new boolean[pieces.length];
        ids.forEach((piece, id) -> {
            if (pieces[id] != null) {
                throw root.get("model").get("vocab").problem().expected("each id once")
                        .found("id " + id + " for " + pieces[id] + " and for " + piece).problem();
            }
            pieces[id] = piece;
        });
        for (AddedToken token : addedTokens) {
            special[token.id()] = token.special();
            addedOnly[token.id()] = !modelPieces.containsKey(token.content());
        }
        return new Vocabulary(pieces, Collections.unmodifiableMap(ids), special, addedOnly);
    }
}
