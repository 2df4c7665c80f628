package org.ternlm.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/// Byte pair encoding of one piece: its characters become symbols, and the symbols merge. Immutable.
///
/// @param symbols the token of each character that is a piece
/// @param byteTokens the tokens `<0x00>` to `<0xFF>` for characters that are no piece, -1 where there is none; empty
/// without byte fallback
/// @param unknownToken stands for a character that is no piece and that bytes cannot spell; -1 for none
/// @param fuseUnknown whether adjacent unknown characters are one token
/// @param wholePieces whether a piece that the vocabulary has is not split and merged at all (`ignore_merges`)
record BytePairModel(Vocabulary vocabulary, SymbolTable symbols, MergeTable merges, int[] byteTokens, int unknownToken,
        boolean fuseUnknown, boolean wholePieces) {
    private static final boolean[] NOTHING_CLOSED = new boolean[0];

    /// A run over the pieces of one text, which appends to `ids`.
    Run start(SpecialText specialText, IdList ids) {
        boolean[] closed = specialText == SpecialText.AS_TEXT ? vocabulary.special() : NOTHING_CLOSED;
        return new Run(this, new Merger(merges, closed), closed, ids);
    }

    /// Not thread-safe.
    record Run(BytePairModel model, Merger merger, boolean[] closed, IdList ids) {

        void encode(String piece) {
            if (model.wholePieces) {
                OptionalInt whole = model.vocabulary.id(piece);
                if (whole.isPresent() && (closed.length == 0 || !closed[whole.getAsInt()])
                        && !model.vocabulary.isAddedOnly(whole.getAsInt())) {
                    ids.add(whole.getAsInt());
                    return;
                }
            }
            addSymbols(piece);
            merger.merge(ids);
        }

        /// An unknown token waits until something other than byte tokens follows it: so does the reference, which
        /// matters only where byte fallback is incomplete.
        private void addSymbols(String piece) {
            boolean waiting = false;
            int at = 0;
            while (at < piece.length()) {
                int codePoint = piece.codePointAt(at);
                at += Character.charCount(codePoint);
                int id = model.symbols.id(codePoint);
                if (id >= 0) {
                    if (waiting) {
                        merger.add(model.unknownToken);
                        waiting = false;
                    }
                    merger.add(id);
                } else if (!addBytes(codePoint)) {
                    if (waiting && !model.fuseUnknown) {
                        merger.add(model.unknownToken);
                    }
                    waiting = model.unknownToken >= 0;
                }
            }
            if (waiting) {
                merger.add(model.unknownToken);
            }
        }

        private boolean addBytes(int codePoint) {
            int[] tokens = model.byteTokens;
            if (tokens.length == 0) {
                return false;
            }
            byte[] bytes = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
            for (byte b : bytes) {
                if (tokens[Byte.toUnsignedInt(b)] < 0) {
                    return false;
                }
            }
            for (byte b : bytes) {
                merger.add(tokens[Byte.toUnsignedInt(b)]);
            }
            return true;
        }
    }
}
