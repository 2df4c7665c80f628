package org.ternlm.tokenizer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The token of each single character, in pages of 256 so that Latin text costs two array reads and a vocabulary of
/// Latin text little memory. Safe to share once it is built.
final class SymbolTable {
    private static final int PAGE = 256;

    private final int[] @Nullable [] pages = new int[(Character.MAX_CODE_POINT + 1) / PAGE] @Nullable [];

    /// The pieces of one character that are the model's own.
    static SymbolTable of(Vocabulary vocabulary) {
        SymbolTable symbols = new SymbolTable();
        vocabulary.ids().forEach((piece, id) -> {
            if (!piece.isEmpty() && !vocabulary.isAddedOnly(id)
                    && Character.charCount(piece.codePointAt(0)) == piece.length()) {
                symbols.put(piece.codePointAt(0), id);
            }
        });
        return symbols;
    }

    /// The first character of the [ByteAlphabet] that has no piece; empty if all have one.
    String missingByte() {
        for (int value = 0; value < 256; value++) {
            if (id(ByteAlphabet.symbol(value)) < 0) {
                return String.valueOf(ByteAlphabet.symbol(value));
            }
        }
        return "";
    }

    void put(int codePoint, int id) {
        int[] page = pages[codePoint / PAGE];
        if (page == null) {
            page = new int[PAGE];
            Arrays.fill(page, -1);
            pages[codePoint / PAGE] = page;
        }
        page[codePoint % PAGE] = id;
    }

    /// The id of a character, or -1 if the vocabulary has no such piece.
    int id(int codePoint) {
        int[] page = pages[codePoint / PAGE];
        return page == null ? -1 : page[codePoint % PAGE];
    }
}
