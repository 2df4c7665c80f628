package org.ternlm.train.run;

import java.util.Arrays;
import org.ternlm.train.config.DataChoice;
import org.ternlm.train.data.BatchPlan;
import org.ternlm.train.data.TokenBatch;
import org.ternlm.train.data.TokenBatches;
import org.ternlm.train.data.TokenSplit;
import org.ternlm.train.torch.Sequences;

/// Batches of a corpus as the trainer takes them.
///
/// @param batches where they come from
/// @param size rows of each
/// @param length inputs of a row
/// @param count how many there are
/// @param separate whether a token sees its own document only
record CorpusBatches(TokenBatches batches, int size, int length, long count, boolean separate) implements Batches {

    /// Without end, shuffled.
    static CorpusBatches training(TokenSplit split, BatchPlan plan, DataChoice.Packing packing) {
        BatchPlan.Packing windows = packing == DataChoice.Packing.DOCUMENT
                ? BatchPlan.Packing.DOCUMENT
                : BatchPlan.Packing.STREAM;
        return new CorpusBatches(TokenBatches.training(split, plan.withPacking(windows)),
                Math.ceilDiv(plan.rows() - plan.rank(), plan.workers()), plan.length(),
                Long.MAX_VALUE, packing == DataChoice.Packing.SEPARATE);
    }

    /// In order, each target once. Where training keeps documents apart, a row holds one document here: what the runtime
    /// is given too.
    static CorpusBatches validation(TokenSplit split, int rows, int length, DataChoice.Packing packing) {
        BatchPlan.Packing windows = packing == DataChoice.Packing.STREAM
                ? BatchPlan.Packing.STREAM
                : BatchPlan.Packing.DOCUMENT;
        TokenBatches batches = TokenBatches.inOrder(split, BatchPlan.of(length, rows, 0).withPacking(windows));
        return new CorpusBatches(batches, rows, length, batches.steps().orElseThrow(), false);
    }

    @Override
    public double bytesPerTarget() {
        return batches.bytesPerTarget();
    }

    @Override
    public Sequences batch(long step) {
        TokenBatch batch = batches.batch(step);
        Sequences all = Sequences.of(batch.tokens(), length);
        for (int row = 0; row < batch.rows(); row++) {
            Arrays.fill(all.targets(), row * length + batch.targets()[row], (row + 1) * length, Sequences.NONE);
            if (separate) {
                separate(batch, row, all.firstVisible());
            }
        }
        return all;
    }

    private void separate(TokenBatch batch, int row, int[] firstVisible) {
        for (int start : batch.documentStarts()[row]) {
            if (start < length) {
                Arrays.fill(firstVisible, row * length + start, (row + 1) * length, start);
            }
        }
    }
}
