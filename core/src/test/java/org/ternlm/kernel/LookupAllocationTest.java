package org.ternlm.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.quant.LookupWords;
import org.ternlm.quant.TernaryMatrix;

/// Once compiled, kernels that look sums up leave no vectors on the heap. They did: C2 inlines nothing behind a long loop,
/// and what is passed to a method that is not inlined is boxed, gigabytes of it a second.
class LookupAllocationTest {
    private static final int ROWS = 1024;
    private static final int COLUMNS = 1800;
    private static final long LEAST_BOXED_BYTES = 64L * ROWS / TernaryKernel.BLOCK_ROWS;
    private static final Duration COMPILED_BY_THEN = Duration.ofMinutes(1);

    private final ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void compiledKernelsBoxNothing(int tokens) {
        Random random = new Random(4);
        byte[] trits = new byte[ROWS * COLUMNS];
        for (int i = 0; i < trits.length; i++) {
            trits[i] = (byte) (random.nextInt(3) - 1);
        }
        TernaryMatrix matrix = new TernaryMatrix(ROWS, COLUMNS, trits, 1);
        try (Arena arena = Arena.ofConfined(); Kernels kernels = KernelSelection.choose().openAtOnce(1)) {
            TernaryKernel kernel = kernels.ternary();
            assumeThat(kernel.packing()).isInstanceOf(LookupWords.class);
            assumeThat(kernel.name()).startsWith("vector");
            MemorySegment codes = arena.allocate(kernel.packing().byteSize(ROWS, COLUMNS), 64);
            kernel.packing().encode(matrix, codes);
            Activations activations = new Activations();
            activations.reset(tokens, COLUMNS);
            byte[] values = new byte[COLUMNS];
            for (int token = 0; token < tokens; token++) {
                random.nextBytes(values);
                activations.set(token, values, 0);
            }
            activations.prepare(kernel, 0, tokens, kernels.workers());
            int[] sums = new int[tokens * TernaryKernel.paddedRows(ROWS)];
            long end = System.nanoTime() + COMPILED_BY_THEN.toNanos();
            long least = Long.MAX_VALUE;
            while (least >= LEAST_BOXED_BYTES && System.nanoTime() < end) {
                long before = memory.getCurrentThreadAllocatedBytes();
                kernel.multiply(codes, ROWS, 0, TernaryKernel.blocks(ROWS), activations, 0, tokens, sums);
                least = Math.min(least, memory.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least).as("bytes allocated by a call").isLessThan(LEAST_BOXED_BYTES);
        }
    }
}
