package org.ternlm.tokenizer;

import java.util.Arrays;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// How often each pair of neighbouring symbols occurs, in which words, and which pair is the most frequent. A hash table
/// with linear probing over primitive arrays numbers the pairs. Not thread-safe.
///
/// The queue may hold a pair several times with counts from the past. There is always one entry that is at least the
/// pair's count: an entry is added when a count has grown, and one that turns out too large comes back with the true
/// count.
final class PairCounts {
    private static final long EMPTY = -1;
    private static final int[] NOWHERE = {};

    private long[] slots = new long[1 << 12];
    private int[] numbers = new int[1 << 12];
    private long[] pairs = new long[1 << 11];
    private long[] counts = new long[1 << 11];
    private int[][] words = new int[1 << 11][];
    private int[] wordCounts = new int[1 << 11];
    private boolean[] grown = new boolean[1 << 11];
    private int size;
    private int[] grownPairs = new int[64];
    private int grownSize;
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>();

    PairCounts() {
        Arrays.fill(slots, EMPTY);
    }

    /// A pair and a count it has or had. First comes the most frequent, of equals the one with the lowest left, then
    /// right symbol.
    ///
    /// @param pair what [#pair] gives
    /// @param number of the pair in the table
    record Candidate(long count, long pair, int number) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            int byCount = Long.compare(other.count, count);
            return byCount != 0 ? byCount : Long.compare(pair, other.pair);
        }

        int left() {
            return (int) (pair >>> 32);
        }

        int right() {
            return (int) pair;
        }
    }

    /// Two symbols as one number, in the order of the left symbol, then the right one.
    static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    /// The pair occurs `count` times more, in `word`.
    void increase(int left, int right, long count, int word) {
        int number = number(pair(left, right));
        counts[number] += count;
        addWord(number, word);
        if (!grown[number]) {
            grown[number] = true;
            if (grownSize == grownPairs.length) {
                grownPairs = Arrays.copyOf(grownPairs, grownSize * 2);
            }
            grownPairs[grownSize++] = number;
        }
    }

    /// The pair occurs `count` times less.
    void decrease(int left, int right, long count) {
        counts[number(pair(left, right))] -= count;
    }

    /// The most frequent pair, or null if none occurs at least `least` times.
    @Nullable
    Candidate mostFrequent(long least) {
        queueGrown();
        while (true) {
            Candidate candidate = queue.poll();
            if (candidate == null || candidate.count < least) {
                return null;
            }
            long count = counts[candidate.number];
            if (count == candidate.count) {
                return candidate;
            }
            if (count > 0 && count < candidate.count) {
                queue.add(new Candidate(count, candidate.pair, candidate.number));
            }
        }
    }

    /// The words in which a pair may occur, some perhaps twice; nobody knows them afterwards.
    int[] takeWords(Candidate candidate) {
        int[] taken = Arrays.copyOf(words[candidate.number], wordCounts[candidate.number]);
        words[candidate.number] = NOWHERE;
        wordCounts[candidate.number] = 0;
        return taken;
    }

    private void queueGrown() {
        for (int i = 0; i < grownSize; i++) {
            int number = grownPairs[i];
            grown[number] = false;
            if (counts[number] > 0) {
                queue.add(new Candidate(counts[number], pairs[number], number));
            }
        }
        grownSize = 0;
    }

    private void addWord(int number, int word) {
        int known = wordCounts[number];
        if (known > 0 && words[number][known - 1] == word) {
            return;
        }
        if (known == words[number].length) {
            words[number] = Arrays.copyOf(words[number], Math.max(4, known + (known >> 1)));
        }
        words[number][known] = word;
        wordCounts[number]++;
    }

    private int number(long pair) {
        int slot = slot(pair);
        if (slots[slot] == pair) {
            return numbers[slot];
        }
        if (size == pairs.length) {
            grow();
            slot = slot(pair);
        }
        slots[slot] = pair;
        numbers[slot] = size;
        pairs[size] = pair;
        words[size] = NOWHERE;
        return size++;
    }

    private void grow() {
        int capacity = Math.multiplyExact(size, 2);
        pairs = Arrays.copyOf(pairs, capacity);
        counts = Arrays.copyOf(counts, capacity);
        words = Arrays.copyOf(words, capacity);
        wordCounts = Arrays.copyOf(wordCounts, capacity);
        grown = Arrays.copyOf(grown, capacity);
        slots = new long[Math.multiplyExact(capacity, 2)];
        numbers = new int[slots.length];
        Arrays.fill(slots, EMPTY);
        for (int i = 0; i < size; i++) {
            int slot = slot(pairs[i]);
            slots[slot] = pairs[i];
            numbers[slot] = i;
        }
    }

    private int slot(long pair) {
        int mask = slots.length - 1;
        int slot = (int) MergeTable.mix(pair) & mask;
        while (slots[slot] != EMPTY && slots[slot] != pair) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
