package org.ternlm.tokenizer;

import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The pieces and their ids. Immutable; the arrays are not shared with anyone who writes.
///
/// @param pieces by id; null where an id has no piece
/// @param ids the reverse
/// @param special by id: whether the token is an added token that is special
/// @param addedOnly by id: whether the token is not a piece of the model itself
record Vocabulary(@Nullable String[] pieces, Map<String, Integer> ids, boolean[] special, boolean[] addedOnly) {

    int size() {
        return pieces.length;
    }

    boolean has(int id) {
        return id >= 0 && id < pieces.length && pieces[id] != null;
    }

    OptionalInt id(String piece) {
        Integer id = ids.get(piece);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    boolean isSpecial(int id) {
        return id >= 0 && id < special.length && special[id];
    }

    boolean isAddedOnly(int id) {
        return addedOnly[id];
    }
}
