package org.ternlm.train.fused;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.ternlm.kernel.FloatKernel;
import org.ternlm.kernel.Workers;
import org.ternlm.model.ModelConfig;
import org.ternlm.train.torch.GradientPass;
import org.ternlm.train.torch.Parameters;
import org.ternlm.train.torch.Precision;
import org.ternlm.train.torch.Sequences;
import org.ternlm.train.torch.Torch;
import org.ternlm.train.torch.TritCount;
import org.ternlm.train.torch.WeightBlock;

/// Losses and gradients of a [ModelConfig] on this machine's processors: the network that [org.ternlm.model.Decoder]
/// runs, forward and back.
///
/// Each worker computes some of the sequences from beginning to end, on its own, so that nobody waits for anybody between
/// operations. The same input gives the same bits, if the number of workers is the same. Not thread-safe.
public final class FusedPass implements GradientPass {
    private static final int CHUNK = 1 << 16;

    private final Workers workers;
    private final PreparedWeights weights;
    private final List<WorkerPass> parts = new ArrayList<>();
    private final int sequences;
    private final int length;
    private final int perWorker;
    private final int threadsPerWorker;
    private boolean begun;
    private boolean summed;

    /// How a pass is to be made.
    ///
    /// @param precision of products that are not of integers
    /// @param mode what it is for
    /// @param turning whether the weights are still turning ternary
    /// @param sequences the most of one call
    /// @param length of each
    public record Plan(Precision precision, PassMode mode, boolean turning, int sequences, int length) {}

    public FusedPass(ModelConfig config, Parameters parameters, Plan plan, FloatKernel kernel, Workers workers) {
        this.workers = workers;
        sequences = plan.sequences;
        length = plan.length;
        int count = Math.min(workers.parallelism(), sequences);
        perWorker = Math.ceilDiv(sequences, count);
        threadsPerWorker = Math.max(1, workers.parallelism() / count);
        weights = new PreparedWeights(config, parameters, plan, kernel);
        for (int i = 0; i < count; i++) {
            parts.add(new WorkerPass(new Desk(config, parameters, plan.precision, kernel, perWorker, length,
                    plan.mode), weights));
        }
    }

    /// @param share below 1 only where the plan has the weights turning
    @Override
    public void begin(double share) {
        weights.prepare((float) share, workers);
        if (parts.getFirst().hasGradients()) {
            workers.share(parts.size(), 1, Integer.MAX_VALUE, (from, to) -> {
                for (int i = from; i < to; i++) {
                    parts.get(i).gradients().clear();
                }
            });
        }
        begun = true;
        summed = false;
    }

    @Override
    public double loss(Sequences batch) {
        return run(batch, WorkerPass::loss);
    }

    @Override
    public double lossAndGradients(Sequences batch, double weight) {
        if (summed) {
            throw new IllegalStateException("the gradients of this step have been asked for already");
        }
        return run(batch, (part, sequences) -> part.lossAndGradients(sequences, (float) weight));
    }

    private interface Work {
        double run(WorkerPass part, Sequences sequences);
    }

    private double run(Sequences batch, Work work) {
        if (!begun || batch.count() > sequences || batch.length() != length) {
            throw new IllegalArgumentException("expected at most %d sequences of %d, found %d of %d".formatted(
                    sequences, length, batch.count(), batch.length()));
        }
        double[] losses = new double[parts.size()];
        workers.share(parts.size(), 1, Integer.MAX_VALUE, (from, to) -> {
            for (int i = from; i < to; i++) {
                Torch.setThreads(threadsPerWorker);
                losses[i] = work.run(parts.get(i), batch.part(i * perWorker, perWorker));
            }
        });
        double sum = 0;
        for (double loss : losses) {
            sum += loss;
        }
        return sum;
    }

    @Override
    public WeightBlock gradients() {
        WeightBlock sum = parts.getFirst().gradients();
        if (!summed) {
            long count = sum.count();
            workers.share((int) Math.ceilDiv(count, (long) CHUNK), 1, CHUNK, (from, to) -> {
                float[] total = new float[CHUNK];
                float[] more = new float[CHUNK];
                for (int i = from; i < to; i++) {
                    long at = (long) i * CHUNK;
                    add(sum, at, (int) Math.min(CHUNK, count - at), total, more);
                }
            });
            summed = true;
        }
        return sum;
    }

    private void add(WeightBlock sum, long at, int size, float[] total, float[] more) {
        long place = at * Float.BYTES;
        MemorySegment.copy(sum.memory(), ValueLayout.JAVA_FLOAT, place, total, 0, size);
        for (WorkerPass part : parts.subList(1, parts.size())) {
            MemorySegment.copy(part.gradients().memory(), ValueLayout.JAVA_FLOAT, place, more, 0, size);
            Rows.add(more, 1, total, size);
        }
        MemorySegment.copy(total, 0, sum.memory(), ValueLayout.JAVA_FLOAT, place, size);
    }

    @Override
    public TritCount trits() {
        return weights.count();
    }

    @Override
    public void close() {
        parts.forEach(WorkerPass::close);
        weights.close();
    }
}
