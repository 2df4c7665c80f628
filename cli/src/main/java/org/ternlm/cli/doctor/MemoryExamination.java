package org.ternlm.cli.doctor;

import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.Unit;
import org.ternlm.kernel.MemoryBandwidth;
import org.ternlm.kernel.Workers;

/// How fast the kernels' own threads can read memory. Each token reads all weights once, so this divided by their bytes
/// is the most that decoding can reach.
final class MemoryExamination implements Examination {
    private static final long MEGABYTE = 1L << 20;

    private final Workers workers;
    private @Nullable OptionalDouble bytesPerSecond;

    MemoryExamination(Workers workers) {
        this.workers = workers;
    }

    @Override
    public String title() {
        return "memory";
    }

    @Override
    public List<Finding> findings() {
        OptionalDouble measured = bytesPerSecond();
        if (measured.isEmpty()) {
            return List.of(new Finding("bandwidth", "not measured", "too little memory is free for it"));
        }
        double rate = measured.getAsDouble();
        int threads = workers.parallelism();
        return List.of(Finding.measured("bandwidth", "%s/s, read by %d thread%s out of %s".formatted(
                Unit.BYTES.amount(rate), threads, threads == 1 ? "" : "s", Unit.BYTES.amount(bufferBytes())), rate));
    }

    /// Bytes a second, measured once; nothing where memory is short.
    OptionalDouble bytesPerSecond() {
        if (bytesPerSecond == null) {
            bytesPerSecond = MemoryBandwidth.measure(workers, bufferBytes());
        }
        return bytesPerSecond;
    }

    private static long bufferBytes() {
        return LinuxLimits.ofThisMachine().measuringBytes() / MEGABYTE * MEGABYTE;
    }
}
