package org.ternlm.cli.doctor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.Unit;
import org.ternlm.kernel.Workers;

/// How fast the kernels' own threads can read memory. Each token reads all weights once, so this divided by their bytes
/// is the most that decoding can reach.
///
/// Measured by adding up a buffer that is larger than the caches: eight independent sums of 64-bit loads a thread, which
/// is more than a core can be supplied with; the median of some passes after two that warm up.
final class MemoryExamination implements Examination {
    private static final long BUFFER_BYTES = 512L << 20;
    private static final long SMALLEST_BUFFER = 64L << 20;
    private static final long CHUNK_BYTES = 1L << 20;
    private static final int WARM_UPS = 2;
    private static final int PASSES = 7;

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
            long size = bufferBytes();
            bytesPerSecond = size < SMALLEST_BUFFER ? OptionalDouble.empty() : measure(size);
        }
        return bytesPerSecond;
    }

    /// At most an eighth of what is free: the doctor must not be what makes a patient ill.
    private static long bufferBytes() {
        long usable = LinuxLimits.ofThisMachine().usableBytes().orElse(8 * BUFFER_BYTES);
        return Math.min(BUFFER_BYTES, usable / 8) / CHUNK_BYTES * CHUNK_BYTES;
    }

    private OptionalDouble measure(long size) {
        try (Arena arena = Arena.ofShared()) {
            // Allocation writes zeros, so every page is there.
            MemorySegment buffer = arena.allocate(size, 64);
            AtomicLong sum = new AtomicLong();
            double[] rates = new double[PASSES];
            for (int pass = -WARM_UPS; pass < PASSES; pass++) {
                long start = System.nanoTime();
                workers.share((int) (size / CHUNK_BYTES), 1, CHUNK_BYTES, (from, to) -> {
                    for (int chunk = from; chunk < to; chunk++) {
                        sum.addAndGet(sum(buffer, chunk * CHUNK_BYTES));
                    }
                });
                if (pass >= 0) {
                    rates[pass] = size * 1e9 / (System.nanoTime() - start);
                }
            }
            Arrays.sort(rates);
            return sum.get() == 0 ? OptionalDouble.of(rates[PASSES / 2]) : OptionalDouble.empty();
        } catch (OutOfMemoryError e) {
            return OptionalDouble.empty();
        }
    }

    private static long sum(MemorySegment buffer, long start) {
        long a = 0;
        long b = 0;
        long c = 0;
        long d = 0;
        for (long at = start; at < start + CHUNK_BYTES; at += 64) {
            a += at(buffer, at) + at(buffer, at + 32);
            b += at(buffer, at + 8) + at(buffer, at + 40);
            c += at(buffer, at + 16) + at(buffer, at + 48);
            d += at(buffer, at + 24) + at(buffer, at + 56);
        }
        return a + b + c + d;
    }

    private static long at(MemorySegment buffer, long offset) {
        return buffer.get(ValueLayout.JAVA_LONG, offset);
    }
}
