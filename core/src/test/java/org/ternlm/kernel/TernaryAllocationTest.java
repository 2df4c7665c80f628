package org.ternlm.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.quant.TernaryMatrix;

/// Once compiled, kernels of ternary weights leave no vectors on the heap. They did: C2 inlines nothing behind a long loop,
/// and what is passed to a method that is not inlined is boxed, a gigabyte of it a second. Nor slices of memory, which lie
/// there where their making is not compiled into a kernel, which is then slow.
///
/// In a virtual machine of its own, since what other tests do with kernels changes how they are compiled.
class TernaryAllocationTest {
    private static final int ROWS = 1024;
    private static final int COLUMNS = 1800;
    private static final long LEAST_BOXED_BYTES = 64L * ROWS / TernaryKernel.BLOCK_ROWS;
    private static final Duration COMPILED_BY_THEN = Duration.ofMinutes(1);
    private static final String OTHER_KERNEL = "other kernel";

    @TempDir
    Path scratch;

    @ParameterizedTest
    @CsvSource({"1, 3", "4, 3", "1, 2", "4, 2"})
    void compiledKernelsBoxNothing(int tokens, int instructions) throws Exception {
        Path log = scratch.resolve("log.txt");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+IgnoreUnrecognizedVMOptions", "-XX:UseAVX=" + instructions, "--add-modules",
                "jdk.incubator.vector", "-cp", System.getProperty("java.class.path"),
                TernaryAllocationTest.class.getName(), Integer.toString(tokens)).redirectOutput(log.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        assertThat(process.waitFor()).isZero();
        String found = Files.readString(log).strip();
        if (!found.equals(OTHER_KERNEL)) {
            assertThat(Long.parseLong(found)).as("bytes allocated by a call").isLessThan(LEAST_BOXED_BYTES);
        }
    }

    /// Prints the fewest bytes that a call allocated.
    public static void main(String[] args) {
        try (Arena arena = Arena.ofShared(); Kernels kernels = KernelSelection.choose().openAtOnce(1)) {
            TernaryKernel kernel = kernels.ternary();
            System.out.println(kernel.name().startsWith("vector")
                    ? Long.toString(leastAllocated(kernel, kernels, Integer.parseInt(args[0]), arena))
                    : OTHER_KERNEL);
        }
    }

    private static long leastAllocated(TernaryKernel kernel, Kernels kernels, int tokens, Arena arena) {
        Random random = new Random(4);
        byte[] trits = new byte[ROWS * COLUMNS];
        for (int i = 0; i < trits.length; i++) {
            trits[i] = (byte) (random.nextInt(3) - 1);
        }
        MemorySegment codes = arena.allocate(kernel.packing().byteSize(ROWS, COLUMNS), 64);
        kernel.packing().encode(new TernaryMatrix(ROWS, COLUMNS, trits, 1), codes);
        Activations activations = new Activations();
        activations.reset(tokens, COLUMNS);
        byte[] values = new byte[COLUMNS];
        for (int token = 0; token < tokens; token++) {
            random.nextBytes(values);
            activations.set(token, values, 0);
        }
        activations.prepare(kernel, 0, tokens, kernels.workers());
        int[] sums = new int[tokens * TernaryKernel.paddedRows(ROWS)];
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long end = System.nanoTime() + COMPILED_BY_THEN.toNanos();
        long least = Long.MAX_VALUE;
        while (least >= LEAST_BOXED_BYTES && System.nanoTime() < end) {
            long before = memory.getCurrentThreadAllocatedBytes();
            kernel.multiply(codes, ROWS, 0, TernaryKernel.blocks(ROWS), activations, 0, tokens, sums);
            least = Math.min(least, memory.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
