package org.ternlm.train.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ternlm.kernel.Workers;

/// How fast libtorch multiplies large matrices here, each worker its own: what a training step can be compared with.
public final class PeakProducts implements AutoCloseable {
    private static final int SIZE = 1024;
    private static final int TIMES = 8;

    private final Workers workers;
    private final List<Tensor> operands = new ArrayList<>();

    public PeakProducts(Precision precision, Workers workers) {
        this.workers = workers;
        try (PointerScope scope = new PointerScope()) {
            for (int i = 0; i < 3 * workers.parallelism(); i++) {
                operands.add(precision.cast(torch.ones(new long[] {SIZE, SIZE}, new TensorOptions(ScalarType.Float)))
                        .retainReference());
            }
        }
    }

    /// Multiplications and additions a second, the best of a few tries.
    public double flopsPerSecond() {
        int count = workers.parallelism();
        double best = 0;
        for (int i = 0; i < TIMES; i++) {
            long start = System.nanoTime();
            workers.share(count, 1, Integer.MAX_VALUE, (from, to) -> {
                Torch.setThreads(1);
                try (NoGradGuard frozen = new NoGradGuard(); PointerScope scope = new PointerScope()) {
                    for (int worker = from; worker < to; worker++) {
                        torch.mm_out(operands.get(3 * worker), operands.get(3 * worker + 1),
                                operands.get(3 * worker + 2));
                    }
                }
            });
            best = Math.max(best, 2.0 * SIZE * SIZE * SIZE * count / ((System.nanoTime() - start) / 1e9));
        }
        return best;
    }

    @Override
    public void close() {
        operands.forEach(Tensor::close);
    }
}
