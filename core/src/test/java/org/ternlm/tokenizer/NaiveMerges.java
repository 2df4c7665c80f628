package org.ternlm.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Byte pair encoding training as one would explain it: count everything again before each merge. Pieces are texts in
/// the byte alphabet; it shares nothing with the trainer but that alphabet.
final class NaiveMerges {
    private final List<String> pieces = new ArrayList<>();
    private final List<List<String>> merges = new ArrayList<>();
    private final Map<List<String>, Integer> words = new HashMap<>();

    NaiveMerges(List<String> texts) {
        for (int value = 0; value < 256; value++) {
            pieces.add(String.valueOf(ByteAlphabet.symbol(value)));
        }
        pieces.sort(null);
        for (String word : texts) {
            words.merge(ByteAlphabet.spell(word).chars().mapToObj(Character::toString).toList(), 1, Integer::sum);
        }
    }

    List<List<String>> learn(int vocabulary, int leastCount) {
        while (pieces.size() < vocabulary) {
            List<String> best = best(leastCount);
            if (best.isEmpty()) {
                break;
            }
            String joined = best.getFirst() + best.getLast();
            if (!pieces.contains(joined)) {
                pieces.add(joined);
            }
            if (!merges.contains(best)) {
                merges.add(best);
            }
            Map<List<String>, Integer> merged = new HashMap<>();
            words.forEach((word, count) -> merged.merge(merge(word, best), count, Integer::sum));
            words.clear();
            words.putAll(merged);
        }
        return merges;
    }

    int size() {
        return pieces.size();
    }

    private List<String> best(int leastCount) {
        Map<List<String>, Integer> counts = new HashMap<>();
        words.forEach((word, count) -> {
            for (int i = 0; i + 1 < word.size(); i++) {
                counts.merge(List.of(word.get(i), word.get(i + 1)), count, Integer::sum);
            }
        });
        List<String> best = List.of();
        int bestCount = leastCount - 1;
        for (Map.Entry<List<String>, Integer> entry : counts.entrySet()) {
            if (entry.getValue() > bestCount || entry.getValue() == bestCount && !best.isEmpty()
                    && before(entry.getKey(), best)) {
                best = entry.getKey();
                bestCount = entry.getValue();
            }
        }
        return best;
    }

    private boolean before(List<String> one, List<String> other) {
        int left = Integer.compare(pieces.indexOf(one.getFirst()), pieces.indexOf(other.getFirst()));
        return left != 0 ? left < 0 : pieces.indexOf(one.getLast()) < pieces.indexOf(other.getLast());
    }

    private static List<String> merge(List<String> word, List<String> pair) {
        List<String> merged = new ArrayList<>();
        for (int i = 0; i < word.size(); i++) {
            if (i + 1 < word.size() && word.subList(i, i + 2).equals(pair)) {
                merged.add(word.get(i) + word.get(i + 1));
                i++;
            } else {
                merged.add(word.get(i));
            }
        }
        return merged;
    }
}
