package org.ternlm.train.data;

import java.util.Arrays;

/// The documents of one epoch, one behind the other. Immutable.
///
/// @param documents in their order
/// @param ends where each ends, in tokens from the start of the epoch
record EpochOrder(int[] documents, long[] ends) {

    /// @param documents which this keeps
    static EpochOrder of(TokenSplit split, int[] documents) {
        long[] ends = new long[documents.length];
        long end = 0;
        for (int i = 0; i < documents.length; i++) {
            end += split.length(documents[i]);
            ends[i] = end;
        }
        return new EpochOrder(documents, ends);
    }

    /// The place in the order of the document that holds a token.
    int placeOf(long token) {
        int found = Arrays.binarySearch(ends, token);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /// Where the document at a place starts.
    long start(int place) {
        return place == 0 ? 0 : ends[place - 1];
    }

    long tokens() {
        return ends[ends.length - 1];
    }
}
