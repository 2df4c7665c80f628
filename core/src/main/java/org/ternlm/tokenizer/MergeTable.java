package org.ternlm.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// The merges of byte pair encoding: which two symbols become which, and which merge goes first. A hash table with
/// linear probing over primitive arrays, half full at most. Safe to share once it is built.
final class MergeTable {
    private static final long EMPTY = -1;
    /// What [#find] gives for a pair that has no merge.
    static final long NONE = -1;

    private final long[] pairs;
    private final long[] merges;
    private int size;

    /// @param capacity how many merges will be added at most, less than 2^28
    MergeTable(int capacity) {
        int slots = Integer.highestOneBit(Math.max(capacity, 4)) * 4;
        pairs = new long[slots];
        merges = new long[slots];
        Arrays.fill(pairs, EMPTY);
    }

    /// Adds the next merge, which ranks behind all before it.
    ///
    /// @return false, with nothing added, if the pair has a merge already
    boolean add(int left, int right, int result) {
        return add(left, right, result, size);
    }

    /// Adds a merge of rank `rank`, 0 or more: the lowest goes first, and of several of one rank the leftmost.
    ///
    /// @return false, with nothing added, if the pair has a merge already
    boolean add(int left, int right, int result, int rank) {
        long pair = pair(left, right);
        int slot = slot(pair);
        if (pairs[slot] == pair) {
            return false;
        }
        pairs[slot] = pair;
        merges[slot] = (long) rank << 32 | result;
        size++;
        return true;
    }

    /// The merge of two symbols, which holds its [#rank] and its [#result]; or [#NONE].
    long find(int left, int right) {
        long pair = pair(left, right);
        int slot = slot(pair);
        return pairs[slot] == pair ? merges[slot] : NONE;
    }

    /// The place of a merge in the order of merges: the lowest goes first.
    static int rank(long merge) {
        return (int) (merge >>> 32);
    }

    /// The symbol that a merge makes.
    static int result(long merge) {
        return (int) merge;
    }

    /// A merge, taken apart.
    record Merge(int left, int right, int result, int rank) {}

    /// All merges, the lowest rank first.
    List<Merge> sorted() {
        List<Merge> sorted = new ArrayList<>(size);
        for (int slot = 0; slot < pairs.length; slot++) {
            if (pairs[slot] != EMPTY) {
                sorted.add(new Merge((int) (pairs[slot] >>> 32), (int) pairs[slot], result(merges[slot]),
                        rank(merges[slot])));
            }
        }
        sorted.sort(Comparator.comparingInt(Merge::rank).thenComparingInt(Merge::result)
                .thenComparingInt(Merge::left));
        return sorted;
    }

    private int slot(long pair) {
        int mask = pairs.length - 1;
        int slot = (int) mix(pair) & mask;
        while (pairs[slot] != EMPTY && pairs[slot] != pair) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    /// Steele, Lea and Flood's mixing function (SplittableRandom): neighbouring pairs land far apart.
    static long mix(long pair) {
        long mixed = (pair ^ pair >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
