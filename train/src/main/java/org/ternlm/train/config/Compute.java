package org.ternlm.train.config;

import java.util.Map;

/// What to compute with.
///
/// @param device where
/// @param threads how many, 0 for all processors
/// @param recompute whether layers are computed again on the way back, instead of keeping what they computed: a third
/// more work, much less memory
public record Compute(Device device, int threads, boolean recompute) {

    /// Where gradients are computed.
    public enum Device {
        /// This machine's processors.
        CPU,
        /// An NVIDIA GPU. Never run so far.
        CUDA
    }

    static Compute read(Section section) {
        return new Compute(section.choice("device", Map.of("cpu", Device.CPU, "cuda", Device.CUDA), "cpu"),
                (int) section.whole("threads", 0, 1024, 0), section.flag("recompute", false));
    }

    /// How many threads, of as many as there are.
    public int threadCount() {
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }
}
