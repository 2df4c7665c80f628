package org.ternlm.train.data;

/// The windows of a split, numbered in the order in which they are visited; those behind the last of an epoch belong to
/// the next epoch. Safe to share between threads.
sealed interface Windows permits StreamWindows, DocumentWindows {

    /// Appends the tokens of the `index`th window.
    void fill(long index, Window window);

    /// Windows of one epoch; with a stream, which goes on from epoch to epoch, not quite a whole number.
    double perEpoch();

    /// Windows of one pass in order, of which the last may be padded.
    long perPass();

    /// Targets of an epoch.
    long targetsPerEpoch();
}
