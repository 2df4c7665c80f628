package org.ternlm.jmh;

import java.lang.foreign.Arena;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.Kernels;

/// What all benchmarks of operators have: the kernels that a program gets on this machine, and native memory.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init")
public abstract class OperatorBenchmark {
    /// Threads that share an operation; 0 for one a processor.
    @Param("0")
    public int threads;

    private Arena arena;
    private Kernels kernels;

    /// Opens kernels and makes what they work on.
    @Setup(Level.Trial)
    public void open() {
        arena = Arena.ofShared();
        int parallelism = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        kernels = KernelSelection.choose().openAtOnce(parallelism);
        prepare(kernels, arena);
    }

    /// Makes what the operator works on, in memory of `arena`.
    abstract void prepare(Kernels opened, Arena memory);

    final Kernels kernels() {
        return kernels;
    }

    /// Normally distributed floats, the same ones each time.
    static float[] random(int length) {
        Random random = new Random(length);
        float[] numbers = new float[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    /// Ends the threads and gives the memory back.
    @TearDown(Level.Trial)
    public void close() {
        kernels.close();
        arena.close();
    }
}
