package org.ternlm.generate;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.ternlm.format.ModelFormatException;
import org.ternlm.kernel.Kernels;
import org.ternlm.model.Decoder;
import org.ternlm.model.KvCache;
import org.ternlm.model.Model;
import org.ternlm.model.ModelConfig;

/// The one decoder of an open model, which its sessions take turns at.
final class Engine {
    private final Path path;
    private final Decoder decoder;
    private final ReentrantLock turn = new ReentrantLock(true);
    private boolean closed;

    Engine(Path path, Model model, Kernels kernels) {
        this.path = path;
        decoder = new Decoder(model, kernels);
    }

    ModelConfig config() {
        return decoder.config();
    }

    KvCache newCache() {
        return new KvCache(decoder.config());
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

    private void checkFinite(float[] logits, int offset) {
        int end = offset + config().vocabularySize();
        float nothing = 0;
        for (int i = offset; i < end; i++) {
            nothing += logits[i] * 0;
        }
        // Zero times NaN or infinity is NaN, and stays in the sum.
        if (Float.isNaN(nothing)) {
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
