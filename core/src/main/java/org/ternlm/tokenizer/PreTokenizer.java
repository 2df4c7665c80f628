package org.ternlm.tokenizer;

import java.util.List;

/// Cuts a text into the pieces that byte pair encoding treats separately, and rewrites them. A `tokenizer.json`'s
/// pre-tokenizers are sequences of these four. Implementations are immutable.
sealed interface PreTokenizer {

    /// Takes one piece at a time, in order.
    @FunctionalInterface
    interface Pieces {

        /// @param fromStart whether the piece starts where the text that was to be encoded starts
        void accept(String piece, boolean fromStart);
    }

    /// Hands the parts of `piece` to `next`.
    void split(String piece, boolean fromStart, Pieces next);

    /// Sends `piece` through all of `steps` and hands what comes out, but for empty pieces, to `last`.
    static void run(List<PreTokenizer> steps, String piece, boolean fromStart, Pieces last) {
        if (piece.isEmpty()) {
            return;
        }
        if (steps.isEmpty()) {
            last.accept(piece, fromStart);
        } else {
            List<PreTokenizer> rest = steps.subList(1, steps.size());
            steps.getFirst().split(piece, fromStart, (part, first) -> run(rest, part, first, last));
        }
    }

    /// Splits at a pattern.
    ///
    /// @param invert what matches and what does not change roles
    record Split(Finder pattern, SplitBehavior behavior, boolean invert) implements PreTokenizer {
        @Override
        public void split(String piece, boolean fromStart, Pieces next) {
            int[] pieces = behavior.pieces(Finder.cover(pattern.find(piece), piece.length()), invert);
            for (int i = 0; i < pieces.length; i += 2) {
                next.accept(piece.substring(pieces[i], pieces[i + 1]), fromStart && pieces[i] == 0);
            }
        }
    }

    /// Puts a space before a piece that does not start with one.
    record PrefixSpace() implements PreTokenizer {
        @Override
        public void split(String piece, boolean fromStart, Pieces next) {
            next.accept(piece.startsWith(" ") ? piece : " " + piece, fromStart);
        }
    }

    /// Spells the bytes of a piece in the [ByteAlphabet].
    record SpellBytes() implements PreTokenizer {
        @Override
        public void split(String piece, boolean fromStart, Pieces next) {
            next.accept(ByteAlphabet.spell(piece), fromStart);
        }
    }

    /// Where SentencePiece's mark is put before a text that does not start with one.
    enum Prefix {
        ALWAYS, FIRST, NEVER
    }

    /// Puts a mark (SentencePiece's `▁`) in the place of each space, and, as `prefix` says, before the piece.
    record MarkSpaces(String mark, Prefix prefix) implements PreTokenizer {
        @Override
        public void split(String piece, boolean fromStart, Pieces next) {
            String marked = piece.replace(" ", mark);
            boolean wanted = prefix == Prefix.ALWAYS || prefix == Prefix.FIRST && fromStart;
            next.accept(wanted && !marked.startsWith(mark) ? mark + marked : marked, fromStart);
        }
    }
}
