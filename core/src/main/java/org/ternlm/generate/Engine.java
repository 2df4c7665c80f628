package org.ternlm.generate;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.ternlm.format.ModelFormatException;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.KvForm;
import org.ternlm.kernel.Workers;
import org.ternlm.model.Decoder;
import org.ternlm.model.KvCache;
import org.ternlm.model.KvPool;
import org.ternlm.model.Model;
import org.ternlm.model.ModelConfig;

/// The one decoder of an open model, which sessions, scorers and schedulers take turns at.
final class Engine {
    private static final int MAGNITUDE = Integer.MAX_VALUE;
    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

    private final Path path;
    private final Decoder decoder;
    private final Workers workers;
    private final ReentrantLock turn = new ReentrantLock(true);
    private boolean closed;

    Engine(Path path, Model model, Kernels kernels) {
        this.path = path;
        decoder = new Decoder(model, kernels);
        workers = kernels.workers();
    }

    ModelConfig config() {
        return decoder.config();
    }

    KvCache newCache(KvForm form) {
        return new KvCache(decoder.config(), form);
    }

    KvPool newPool(KvForm form) {
        return new KvPool(decoder.config(), form);
    }

    /// Refuses what a pass would refuse.
    void checkTokens(int[] tokens) {
        decoder.checkTokens(tokens);
    }

    /// One forward pass; logits are checked before anyone sees them.
    void forward(List<Decoder.Step> steps, Decoder.LogitsConsumer consumer) {
        turn.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the model is closed");
            }
            decoder.forward(steps, (step, token, logits, offset) -> {
                checkFinite(logits, offset);
                consumer.accept(step, token, logits, offset);
            });
        } finally {
            turn.unlock();
        }
    }

    /// Who shares work between two passes.
    Workers workers() {
        return workers;
    }

    private void checkFinite(float[] logits, int offset) {
        int end = offset + config().vocabularySize();
        int largest = 0;
        // Of the bits without the sign, since the virtual machine makes vectors of this loop.
        for (int i = offset; i < end; i++) {
            largest = Math.max(largest, Float.floatToRawIntBits(logits[i]) & MAGNITUDE);
        }
        if (largest >= INFINITY) {
            throw ModelFormatException.in(path).at("logits").expected("finite numbers")
                    .found("NaN or infinity").hint("the weights are damaged").problem();
        }
    }

    void close() {
        turn.lock();
        closed = true;
        turn.unlock();
    }
}
