package org.ternlm.tokenizer;

import java.util.Arrays;

/// Merges the symbols of one piece: again and again the pair whose merge ranks lowest, the leftmost of equals, until no
/// pair has a merge (Sennrich, Haddow and Birch 2016, arXiv 1508.07909, section 3.2).
///
/// The symbols are a doubly linked list in arrays; the pairs wait in a binary heap. A pair that has changed since it was
/// put there is recognised when it comes up by its rank. (Where several merges share a rank, as those of one SentencePiece
/// score do, the pair that stands there now has its turn at the same moment.) O(n log n) for n symbols. Reused from piece
/// to piece; not thread-safe.
final class Merger {
    private static final int DEAD = -1;

    private final MergeTable merges;
    private final boolean[] closed;
    private int[] symbols = new int[64];
    private int[] previous = new int[64];
    private int[] next = new int[64];
    private int length;
    private long[] heap = new long[64];
    private int heapSize;

    /// @param closed the ids that no merge may make; empty for none
    Merger(MergeTable merges, boolean[] closed) {
        this.merges = merges;
        this.closed = closed;
    }

    /// Adds a symbol to the end of the piece.
    void add(int symbol) {
        if (length == symbols.length) {
            int capacity = Math.multiplyExact(length, 2);
            symbols = Arrays.copyOf(symbols, capacity);
            previous = Arrays.copyOf(previous, capacity);
            next = Arrays.copyOf(next, capacity);
        }
        symbols[length++] = symbol;
    }

    /// Merges what was added, appends what is left to `ids`, and starts over with an empty piece.
    void merge(IdList ids) {
        for (int i = 0; i < length; i++) {
            previous[i] = i - 1;
            next[i] = i + 1;
        }
        for (int i = 0; i + 1 < length; i++) {
            offer(i);
        }
        while (heapSize > 0) {
            mergeAt(poll());
        }
        for (int i = 0; i < length; i = next[i]) {
            ids.add(symbols[i]);
        }
        length = 0;
    }

    private void mergeAt(long entry) {
        int at = (int) entry;
        int right = next[at];
        if (symbols[at] == DEAD || right == length) {
            return;
        }
        long merge = merges.find(symbols[at], symbols[right]);
        if (merge == MergeTable.NONE || MergeTable.rank(merge) != (int) (entry >>> 32)) {
            return;
        }
        symbols[at] = MergeTable.result(merge);
        symbols[right] = DEAD;
        int behind = next[right];
        next[at] = behind;
        if (behind < length) {
            previous[behind] = at;
            offer(at);
        }
        if (previous[at] >= 0) {
            offer(previous[at]);
        }
    }

    /// Puts the pair at `left`, if it has a merge, into the heap: rank above, position below, so that the order of the
    /// numbers is the order of the merges.
    private void offer(int left) {
        long merge = merges.find(symbols[left], symbols[next[left]]);
        if (merge == MergeTable.NONE || closed.length > 0 && closed[MergeTable.result(merge)]) {
            return;
        }
        if (heapSize == heap.length) {
            heap = Arrays.copyOf(heap, Math.multiplyExact(heapSize, 2));
        }
        long entry = (long) MergeTable.rank(merge) << 32 | left;
        int at = heapSize++;
        while (at > 0 && heap[(at - 1) / 2] > entry) {
            heap[at] = heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        heap[at] = entry;
    }

    private long poll() {
        long lowest = heap[0];
        long entry = heap[--heapSize];
        int at = 0;
        int child = 1;
        while (child < heapSize) {
            if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= entry) {
                break;
            }
            heap[at] = heap[child];
            at = child;
            child = 2 * at + 1;
        }
        heap[at] = entry;
        return lowest;
    }
}
