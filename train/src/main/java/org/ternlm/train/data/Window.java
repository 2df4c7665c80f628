package org.ternlm.train.data;

import java.util.Arrays;

/// A row that is being filled. Not thread-safe.
final class Window {
    private final int[] tokens;
    private final int offset;
    private final int length;
    private int filled;
    private int[] starts = new int[8];
    private int startCount;

    /// @param tokens of the batch; the row is the `length` + 1 from `offset` on
    Window(int[] tokens, int offset, int length) {
        this.tokens = tokens;
        this.offset = offset;
        this.length = length;
    }

    /// Tokens that still fit.
    int room() {
        return length + 1 - filled;
    }

    /// Appends tokens of a document, as many as there are and fit.
    ///
    /// @param from the first of them in the document
    void append(TokenSplit split, int document, int from) {
        int count = Math.min(room(), split.length(document) - from);
        split.copy(document, from, count, tokens, offset + filled);
        if (from == 0) {
            if (startCount == starts.length) {
                starts = Arrays.copyOf(starts, startCount * 2);
            }
            starts[startCount++] = filled;
        }
        filled += count;
    }

    /// Targets among what was appended.
    int targets() {
        return Math.max(0, filled - 1);
    }

    int[] documentStarts() {
        return Arrays.copyOf(starts, startCount);
    }
}
