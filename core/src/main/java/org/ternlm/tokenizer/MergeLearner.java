package org.ternlm.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/// Learns merges: again and again the most frequent pair of neighbouring symbols becomes one symbol, everywhere, from
/// left to right (Sennrich, Haddow and Birch 2016, arXiv 1508.07909, section 3.2). Of equally frequent pairs the one with
/// the lowest left, then right id goes first. Not thread-safe.
///
/// A pair may spell what is a piece already (`a` `bc` after `ab` `c`): it becomes that piece, and the vocabulary does
/// not grow. So a pair can also come back after it was merged; it is merged again then, and not learnt twice.
///
/// Counts are kept up to date: a merge looks only at the words in which its pair occurs.
final class MergeLearner {
    private final List<String> pieces = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<Merge> merges = new ArrayList<>();
    private final Set<Merge> known = new HashSet<>();
    private final int[][] words;
    private final int[] lengths;
    private final long[] counts;
    private final PairCounts pairs = new PairCounts();

    /// @param left the id of the left symbol
    /// @param right the id of the right symbol
    record Merge(int left, int right) {}

    /// @param wordCounts words, in an order that settles everything, and how often each occurs
    MergeLearner(SortedMap<String, Long> wordCounts) {
        // Ids in the order of the characters, as other trainers number them.
        ByteAlphabet.sortedSymbols().forEach(this::addPiece);
        words = new int[wordCounts.size()][];
        lengths = new int[words.length];
        counts = new long[words.length];
        int number = 0;
        for (Map.Entry<String, Long> entry : wordCounts.entrySet()) {
            words[number] = symbols(entry.getKey());
            lengths[number] = words[number].length;
            counts[number] = entry.getValue();
            countPairs(number);
            number++;
        }
    }

    /// Learns until there are `target` pieces, or no pair occurs `leastCount` times any more.
    void learn(int target, long leastCount) {
        while (pieces.size() < target) {
            PairCounts.Candidate best = pairs.mostFrequent(leastCount);
            if (best == null) {
                return;
            }
            Merge merge = new Merge(best.left(), best.right());
            int result = addPiece(pieces.get(merge.left) + pieces.get(merge.right));
            if (known.add(merge)) {
                merges.add(merge);
            }
            for (int word : pairs.takeWords(best)) {
                apply(merge, result, word);
            }
        }
    }

    /// The pieces by id, spelt in the [ByteAlphabet].
    List<String> pieces() {
        return List.copyOf(pieces);
    }

    /// The merges in the order in which they were learnt.
    List<Merge> merges() {
        return List.copyOf(merges);
    }

    private int addPiece(String piece) {
        Integer known = ids.putIfAbsent(piece, pieces.size());
        if (known != null) {
            return known;
        }
        pieces.add(piece);
        return pieces.size() - 1;
    }

    private int[] symbols(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        int[] symbols = new int[bytes.length];
        Arrays.setAll(symbols, i -> ByteAlphabet.rank(Byte.toUnsignedInt(bytes[i])));
        return symbols;
    }

    private void countPairs(int number) {
        int[] word = words[number];
        for (int i = 0; i + 1 < word.length; i++) {
            pairs.increase(word[i], word[i + 1], counts[number], number);
        }
    }

    /// One merge at a time, each on what the one before it has left, so that the counts are right where occurrences
    /// touch (`aaaa`).
    private void apply(Merge merge, int result, int number) {
        int[] word = words[number];
        int length = lengths[number];
        long count = counts[number];
        int to = 0;
        int from = 0;
        while (from < length) {
            boolean merges = from + 1 < length && word[from] == merge.left && word[from + 1] == merge.right;
            if (!merges) {
                word[to++] = word[from++];
                continue;
            }
            pairs.decrease(merge.left, merge.right, count);
            if (to > 0) {
                pairs.decrease(word[to - 1], merge.left, count);
                pairs.increase(word[to - 1], result, count, number);
            }
            if (from + 2 < length) {
                pairs.decrease(merge.right, word[from + 2], count);
                pairs.increase(result, word[from + 2], count, number);
            }
            word[to++] = result;
            from += 2;
        }
        lengths[number] = to;
    }
}
