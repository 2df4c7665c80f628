package org.ternlm.tokenizer;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How often each word occurs: merges never cross the border of a word, so the counts are all that training needs to
/// know of a text. Not thread-safe.
///
/// Bounded: beyond a number of different words the rarest are forgotten (and counted anew if they come again), which
/// what is worth a merge survives. A word longer than anything that could be a token counts as several.
final class WordCounts {
    private static final int MOST_WORDS = 2_000_000;
    private static final int LONGEST_WORD = 256;

    private final Pattern pattern;
    private final int mostWords;
    private final Map<String, long[]> counts = new HashMap<>();
    private long forgottenBelow = 1;

    /// @param pattern cuts a text into words: its matches, and what lies between them
    WordCounts(Pattern pattern) {
        this(pattern, MOST_WORDS);
    }

    WordCounts(Pattern pattern, int mostWords) {
        this.pattern = pattern;
        this.mostWords = mostWords;
    }

    /// Counts the words of `text`, which must be well-formed.
    void add(String text) {
        Matcher matcher = pattern.matcher(text);
        int from = 0;
        while (matcher.find()) {
            addWord(text, from, matcher.start());
            addWord(text, matcher.start(), matcher.end());
            from = matcher.end();
        }
        addWord(text, from, text.length());
    }

    /// How many different words are known.
    int size() {
        return counts.size();
    }

    /// The words in their natural order, so that nothing depends on how a hash table is laid out.
    TreeMap<String, Long> sorted() {
        TreeMap<String, Long> sorted = new TreeMap<>();
        counts.forEach((word, count) -> sorted.put(word, count[0]));
        return sorted;
    }

    private void addWord(String text, int start, int end) {
        int from = start;
        while (end - from > LONGEST_WORD) {
            int cut = from + LONGEST_WORD;
            cut -= Character.isLowSurrogate(text.charAt(cut)) ? 1 : 0;
            count(text.substring(from, cut));
            from = cut;
        }
        if (from < end) {
            count(text.substring(from, end));
        }
    }

    private void count(String word) {
        long[] count = counts.get(word);
        if (count == null) {
            if (counts.size() == mostWords) {
                forgetRarest();
            }
            counts.put(word, new long[] {1});
        } else {
            count[0]++;
        }
    }

    private void forgetRarest() {
        while (counts.size() > mostWords / 2) {
            forgottenBelow++;
            counts.values().removeIf(count -> count[0] < forgottenBelow);
        }
    }
}
