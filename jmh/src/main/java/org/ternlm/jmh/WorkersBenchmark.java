package org.ternlm.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
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
import org.openjdk.jmh.infra.Blackhole;
import org.ternlm.kernel.Workers;

/// What sharing costs: the time of an operation, spread in percentiles, since the rare slow ones are what hurts.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init")
public class WorkersBenchmark {
    private static final int ITEMS = 64;
    private static final long MUCH = 1_000_000;

    /// Threads that share; 0 for one a processor.
    @Param({"0", "1", "4"})
    public int threads;

    /// JMH's units of work an item: about 2 ns each.
    @Param({"0", "500"})
    public int work;

    /// The same between two operations.
    @Param({"0", "200000"})
    public int pause;

    private Workers workers;

    /// Starts the threads.
    @Setup(Level.Trial)
    public void open() {
        workers = new Workers(threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
    }

    /// Ends them.
    @TearDown(Level.Trial)
    public void close() {
        workers.close();
    }

    /// The pause is part of no sample.
    @Setup(Level.Invocation)
    public void pause() {
        Blackhole.consumeCPU(pause);
    }

    /// One operation of [#ITEMS] items.
    @Benchmark
    public void share() {
        workers.share(ITEMS, 1, MUCH, (from, to) -> {
            for (int i = from; i < to; i++) {
                Blackhole.consumeCPU(work);
            }
        });
    }
}
