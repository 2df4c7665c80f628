package org.ternlm.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;

/// How fast the kernels' own threads can read memory. Each token reads all weights once, so this divided by their bytes
/// is the most that decoding can reach.
///
/// Measured by adding up one 64-bit number of each cache line of a buffer that is larger than the caches, in four places at
/// once: a line is fetched as a whole, and so few instructions let a core wait for as many lines as it can. The median of
/// some passes after two that warm up.
public final class MemoryBandwidth {
    /// What the buffer should have: more than the caches hold.
    public static final long USUAL_BUFFER = 512L << 20;
    private static final long SMALLEST_BUFFER = 64L << 20;
    private static final long CHUNK_BYTES = 1L << 20;
    private static final long QUARTER = CHUNK_BYTES / 4;
    /// Of every processor that Java runs on; where lines are longer, fewer loads would do.
    private static final int LINE_BYTES = 64;
    private static final int WARM_UPS = 2;
    private static final int PASSES = 7;

    private MemoryBandwidth() {}

    /// Bytes a second, read by these threads out of a buffer of that size; nothing where memory is too short for it.
    public static OptionalDouble measure(Workers workers, long bufferBytes) {
        long size = bufferBytes / CHUNK_BYTES * CHUNK_BYTES;
        if (size < SMALLEST_BUFFER) {
            return OptionalDouble.empty();
        }
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
        for (long at = start; at < start + QUARTER; at += LINE_BYTES) {
            a += at(buffer, at);
            b += at(buffer, at + QUARTER);
            c += at(buffer, at + 2 * QUARTER);
            d += at(buffer, at + 3 * QUARTER);
        }
        return a + b + c + d;
    }

    private static long at(MemorySegment buffer, long offset) {
        return buffer.get(ValueLayout.JAVA_LONG, offset);
    }
}
