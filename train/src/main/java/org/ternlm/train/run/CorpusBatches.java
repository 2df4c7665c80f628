package org.ternlm.train.run;

import org.ternlm.command.CommandException;
import org.ternlm.train.data.BatchPlan;
import org.ternlm.train.data.TokenBatches;
import org.ternlm.train.data.TokenSplit;
import org.ternlm.train.fused.Sequences;

/// Batches of a corpus as the trainer takes them: whole ones only, so that every position counts alike.
///
/// @param batches where they come from
/// @param size rows of each
/// @param length inputs of a row
/// @param count how many there are
record CorpusBatches(TokenBatches batches, int size, int length, long count) implements Batches {

    /// Without end, shuffled.
    static CorpusBatches training(TokenSplit split, BatchPlan plan) {
        return new CorpusBatches(TokenBatches.training(split, plan), plan.rows(), plan.length(), Long.MAX_VALUE);
    }

    /// In order, each once; at most `rows` rows in a batch, fewer where the split is small.
    ///
    /// @throws CommandException if the split is shorter than two rows
    static CorpusBatches validation(TokenSplit split, int rows, int length) {
        for (int size = rows; size >= 1; size /= 2) {
            TokenBatches batches = TokenBatches.inOrder(split, BatchPlan.of(length, size, 0));
            // The last one may be cut short.
            long whole = batches.steps().orElseThrow() - 1;
            if (whole >= 1) {
                return new CorpusBatches(batches, size, length, whole);
            }
        }
        throw new CommandException("the validation text has fewer than %d tokens".formatted(2 * length),
                "add text, or set data.validation_share higher");
    }

    @Override
    public double bytesPerTarget() {
        return batches.bytesPerTarget();
    }

    @Override
    public Sequences batch(long step) {
        return Sequences.of(batches.batch(step).tokens(), length);
    }
}
