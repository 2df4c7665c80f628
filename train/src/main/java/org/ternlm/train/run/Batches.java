package org.ternlm.train.run;

import org.ternlm.train.torch.Sequences;

/// Token sequences for each step, computable from the step's number alone, so that a resumed run goes on with exactly
/// the batch that it would have had.
public interface Batches {
    /// Sequences of a batch.
    int size();

    /// Tokens of a sequence that are inputs; each has one more, the last target.
    int length();

    /// How many there are; [Long#MAX_VALUE] for no end.
    long count();

    /// Bytes of text for each target, on average.
    double bytesPerTarget();

    /// The sequences of batch `step`: [#size] of them, fewer in the last.
    Sequences batch(long step);
}
