package org.ternlm.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ternlm.kernel.scalar.ScalarDenseKernel;
import org.ternlm.kernel.scalar.ScalarFloatKernel;
import org.ternlm.kernel.scalar.ScalarIntegerKernel;
import org.ternlm.kernel.scalar.ScalarTernaryKernel;
import org.ternlm.quant.DenseForm;
import org.ternlm.quant.DenseMatrix;
import org.ternlm.quant.Packing;

@Timeout(60)
class WarmUpTest {
    /// As the scalar kernel, but it counts its calls and can be made slow.
    private static final class Counted implements TernaryKernel {
        private final TernaryKernel kernel = new ScalarTernaryKernel();
        private final AtomicInteger calls = new AtomicInteger();
        private final int milliseconds;

        Counted(int milliseconds) {
            this.milliseconds = milliseconds;
        }

        @Override
        public String name() {
            return "counted " + milliseconds;
        }

        @Override
        public Packing packing() {
            return kernel.packing();
        }

        @Override
        public void multiply(MemorySegment codes, int rows, int fromBlock, int toBlock, Activations activations,
                int fromToken, int toToken, int[] sums) {
            calls.incrementAndGet();
            try {
                Thread.sleep(milliseconds);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            kernel.multiply(codes, rows, fromBlock, toBlock, activations, fromToken, toToken, sums);
        }
    }

    private static void multiply(Kernels kernels) {
        Activations activations = new Activations();
        activations.reset(1, 8);
        kernels.ternary().multiply(MemorySegment.ofArray(new byte[64]), 32, 0, 1, activations, 0, 1, new int[32]);
    }

    private static Kernels kernels(TernaryKernel ternary) {
        return new Kernels(ternary, new ScalarDenseKernel(), new ScalarIntegerKernel(), new ScalarFloatKernel(),
                new Workers(1));
    }

    @Test
    void turnsToTheKernelThatIsFasterAndEndsItsThread() {
        Counted slow = new Counted(30);
        Counted fast = new Counted(0);
        try (Kernels kernels = WarmUp.beginAnyway(kernels(slow), kernels(fast))) {
            assertThat(kernels.ternary().name()).isEqualTo("counted 0");
            assertThat(kernels.settle(Duration.ofMinutes(1))).isTrue();
            assertThat(warmUpIsRunning()).isFalse();
            int before = fast.calls.get();
            multiply(kernels);
            assertThat(fast.calls.get()).isEqualTo(before + 1);
        }
    }

    /// A form that few models have is warmed when it is used, and gives the same bits before and after.
    @Test
    void turnsARareFormWhenItIsUsed() throws InterruptedException {
        CalledFromHere vectors = new CalledFromHere(VectorWidth.kernels().dense());
        try (Arena arena = Arena.ofConfined();
                Kernels kernels = WarmUp.beginAnyway(kernels(new Counted(30)), new Kernels(new Counted(0), vectors,
                        new ScalarIntegerKernel(), new ScalarFloatKernel(), new Workers(1)))) {
            while (warmUpIsRunning()) {
                Thread.sleep(10);
            }
            MemorySegment data = arena.allocate(4 * DenseForm.Q8_0.bytes(96)).fill((byte) 3);
            DenseMatrix matrix = new DenseMatrix(DenseForm.Q8_0, 4, 96, data);
            float[] x = new float[96];
            Arrays.fill(x, 0.7f);
            float[] before = new float[4];
            kernels.dense().multiply(matrix, 0, 4, x, 1, before);
            assertThat(vectors.calls).as("before its turn").isZero();
            while (warmUpIsRunning()) {
                Thread.sleep(10);
            }
            float[] after = new float[4];
            kernels.dense().multiply(matrix, 0, 4, x, 1, after);
            assertThat(vectors.calls).as("after it").isEqualTo(1);
            assertThat(after).containsExactly(before);
        }
    }

    /// Counts the calls of the thread that made it, not those that warm it up.
    private static final class CalledFromHere implements DenseKernel {
        private final DenseKernel kernel;
        private final Thread here = Thread.currentThread();
        private int calls;

        CalledFromHere(DenseKernel kernel) {
            this.kernel = kernel;
        }

        @Override
        public String name() {
            return kernel.name();
        }

        @Override
        public void multiply(DenseMatrix weights, int fromRow, int toRow, float[] x, int tokens, float[] y) {
            if (Thread.currentThread() == here) {
                calls++;
            }
            kernel.multiply(weights, fromRow, toRow, x, tokens, y);
        }
    }

    @Test
    void closingEndsAWarmUpThatIsUnderWay() {
        Counted slow = new Counted(0);
        Counted never = new Counted(30);
        Kernels kernels = WarmUp.beginAnyway(kernels(slow), kernels(never));
        int before = slow.calls.get();
        multiply(kernels);
        assertThat(slow.calls.get()).isGreaterThan(before);
        assertThat(kernels.settle(Duration.ofMillis(1))).isFalse();
        kernels.close();
        assertThat(warmUpIsRunning()).isFalse();
    }

    private static boolean warmUpIsRunning() {
        return Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().equals("tern-warm-up"));
    }
}
