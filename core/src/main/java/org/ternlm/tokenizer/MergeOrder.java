package org.ternlm.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/// The pieces that merges make, in the order of their merges.
///
/// A piece can be cut in several places, and each cut may have a merge, but only one of them ever happens: whether a
/// merge happens inside a stretch of text depends on nothing outside it, as long as no merge reaches beyond, so what
/// makes a piece in the middle of a text is what makes it alone. Two tables of merges therefore do the same with every
/// text when they do the same with every piece and make the pieces in one order. [TokenizerComparison] relies on it.
///
/// Runs of one character, as SentencePiece has them for spaces, may share a rank: the leftmost then grows first. Runs
/// that follow each other here therefore have no order among them; what becomes of each length must be compared.
final class MergeOrder {
    private MergeOrder() {}

    /// From the first to the last of the ranks of a piece's merges.
    private record Span(int piece, int first, int last) {
        Span with(int rank) {
            return new Span(piece, Math.min(first, rank), Math.max(last, rank));
        }
    }

    /// The pieces that are made, those that merge first in front, runs that follow each other by their ids; empty if the
    /// merges of one stand between those of another, or share a rank with them: then they have no order.
    ///
    /// @param made which pieces merging really makes
    /// @param run which pieces are runs of one character
    static Optional<List<Integer>> pieces(MergeTable merges, IntPredicate made, IntPredicate run) {
        Map<Integer, Span> spans = new HashMap<>();
        for (MergeTable.Merge merge : merges.sorted()) {
            int piece = merge.result();
            if (spans.containsKey(piece) || made.test(piece)) {
                spans.merge(piece, new Span(piece, merge.rank(), merge.rank()), (span, _) -> span.with(merge.rank()));
            }
        }
        List<Span> sorted = new ArrayList<>(spans.values());
        sorted.sort((a, b) -> Integer.compare(a.first, b.first));
        List<Integer> pieces = new ArrayList<>(sorted.size());
        int last = -1;
        int runs = 0;
        for (Span span : sorted) {
            boolean isRun = run.test(span.piece);
            if (span.first <= last && (!isRun || runs == 0)) {
                return Optional.empty();
            }
            last = Math.max(last, span.last);
            pieces.add(span.piece);
            runs = isRun ? runs + 1 : 0;
            pieces.subList(pieces.size() - runs, pieces.size()).sort(null);
        }
        return Optional.of(pieces);
    }
}
