package org.ternlm.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.ternlm.format.ModelFormatException;

/// The merges of SentencePiece's byte pair encoding, which has scores instead: any two pieces that make a piece may
/// merge, the one with the highest score first, of equal ones the leftmost.
///
/// Source: SentencePiece, `src/bpe_model.cc`.
final class ScoredMerges {
    private final TypedPieces pieces;
    private final Vocabulary vocabulary;

    private ScoredMerges(TypedPieces pieces) {
        this.pieces = pieces;
        vocabulary = pieces.vocabulary();
    }

    /// @param scores by id
    /// @param place where a score stands, for messages
    /// @throws ModelFormatException if a score is no number
    static MergeTable of(TypedPieces pieces, float[] scores, IntFunction<ModelFormatException.Problem> place) {
        return new ScoredMerges(pieces).table(scores, ranks(scores, place));
    }

    private MergeTable table(float[] scores, Map<Float, Integer> ranks) {
        List<int[]> found = new ArrayList<>();
        for (int id = 0; id < scores.length; id++) {
            String piece = vocabulary.pieces()[id];
            if (piece != null && pieces.isMade(id)) {
                for (int cut = 1; cut < piece.length(); cut++) {
                    int left = part(piece.substring(0, cut));
                    int right = part(piece.substring(cut));
                    if (left >= 0 && right >= 0) {
                        found.add(new int[] {left, right, id, ranks.getOrDefault(scores[id] + 0f, 0)});
                    }
                }
            }
        }
        MergeTable merges = new MergeTable(found.size());
        found.forEach(merge -> merges.add(merge[0], merge[1], merge[2], merge[3]));
        return merges;
    }

    /// The place of each score, the highest first.
    private static Map<Float, Integer> ranks(float[] scores, IntFunction<ModelFormatException.Problem> place) {
        TreeSet<Float> distinct = new TreeSet<>();
        for (int id = 0; id < scores.length; id++) {
            if (!Float.isFinite(scores[id])) {
                throw place.apply(id).expected("a finite number").found(scores[id]).problem();
            }
            // Adding 0 makes one zero of the two.
            distinct.add(scores[id] + 0f);
        }
        Map<Float, Integer> ranks = new HashMap<>();
        distinct.descendingSet().forEach(score -> ranks.put(score, ranks.size()));
        return ranks;
    }

    private int part(String piece) {
        OptionalInt id = vocabulary.id(piece);
        return id.isPresent() && pieces.isMade(id.getAsInt()) ? id.getAsInt() : -1;
    }
}
