package org.ternlm.tokenizer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What becomes of the matches where a text is split at a pattern. The names are those of `tokenizer.json`.
enum SplitBehavior {
    /// A match is a piece of its own.
    ISOLATED("Isolated"),
    /// A match vanishes.
    REMOVED("Removed"),
    /// A match joins the piece before it.
    MERGED_WITH_PREVIOUS("MergedWithPrevious"),
    /// A match joins the piece behind it.
    MERGED_WITH_NEXT("MergedWithNext"),
    /// Adjacent matches are one piece.
    CONTIGUOUS("Contiguous");

    private final String spelling;

    SplitBehavior(String spelling) {
        this.spelling = spelling;
    }

    static @Nullable SplitBehavior of(String spelling) {
        return Arrays.stream(values()).filter(b -> b.spelling.equals(spelling)).findFirst().orElse(null);
    }

    static String spellings() {
        return Arrays.stream(values()).map(b -> b.spelling).toList().toString();
    }

    /// The pieces as `start, end, start, end, …`.
    ///
    /// @param stretches what [Finder#cover] gives
    int[] pieces(int[] stretches, boolean invert) {
        int match = invert ? 0 : 1;
        return switch (this) {
            case ISOLATED -> select(stretches, -1);
            case REMOVED -> select(stretches, match);
            case CONTIGUOUS -> joinEqual(stretches);
            case MERGED_WITH_PREVIOUS -> mergeWithPrevious(stretches, match);
            case MERGED_WITH_NEXT -> mergeWithNext(stretches, match);
        };
    }

    private static int[] select(int[] stretches, int unwanted) {
        IdList pieces = new IdList();
        for (int i = 0; i < stretches.length; i += 3) {
            if (stretches[i + 2] != unwanted) {
                pieces.add(stretches[i]);
                pieces.add(stretches[i + 1]);
            }
        }
        return pieces.toArray();
    }

    private static int[] joinEqual(int[] stretches) {
        IdList pieces = new IdList();
        int at = 0;
        while (at < stretches.length) {
            int start = at;
            while (at < stretches.length && stretches[at + 2] == stretches[start + 2]) {
                at += 3;
            }
            pieces.add(stretches[start]);
            pieces.add(stretches[at - 2]);
        }
        return pieces.toArray();
    }

    /// A match goes to the stretch before it unless that is a match too: of adjacent matches, only the first joins.
    private static int[] mergeWithPrevious(int[] stretches, int match) {
        IdList pieces = new IdList();
        int at = 0;
        while (at < stretches.length) {
            boolean joins = stretches[at + 2] != match && at + 3 < stretches.length;
            int last = joins && stretches[at + 5] == match ? at + 3 : at;
            pieces.add(stretches[at]);
            pieces.add(stretches[last + 1]);
            at = last + 3;
        }
        return pieces.toArray();
    }

    /// A match goes to the stretch behind it unless that is a match too: of adjacent matches, only the last joins.
    private static int[] mergeWithNext(int[] stretches, int match) {
        IdList pieces = new IdList();
        int at = 0;
        while (at < stretches.length) {
            boolean joins = stretches[at + 2] == match && at + 3 < stretches.length;
            int last = joins && stretches[at + 5] != match ? at + 3 : at;
            pieces.add(stretches[at]);
            pieces.add(stretches[last + 1]);
            at = last + 3;
        }
        return pieces.toArray();
    }
}
