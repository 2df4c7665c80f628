package org.ternlm.jmh;

import java.lang.foreign.Arena;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.ternlm.kernel.FloatKernel;
import org.ternlm.kernel.Kernels;

/// What lies between the matrices, on one thread. The rates count the floats that an operation reads.
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init")
public class FloatBenchmark extends OperatorBenchmark {
    private static final int HEAD = 128;

    /// Floats an operation; positions of [#HEAD] floats for attention.
    @Param({"256", "2560", "6912"})
    public int length;

    private FloatKernel floats;
    private float[] x;
    private float[] y;
    private float[] gain;
    private float[] rows;
    private float[] scores;
    private byte[] bytes;
    private short[] halves;

    @Override
    void prepare(Kernels opened, Arena memory) {
        floats = opened.floats();
        x = random(length);
        y = random(length);
        gain = random(length);
        rows = random(length * HEAD);
        scores = random(length);
        bytes = new byte[length];
        halves = new short[length];
    }

    private void count(Rates rates, long read) {
        rates.add(0, read * Float.BYTES);
    }

    /// Root mean square norm.
    @Benchmark
    public float[] rmsNorm(Rates rates) {
        floats.rmsNorm(x, 0, gain, 1e-5f, y, 0, length);
        count(rates, 2L * length);
        return y;
    }

    /// Floats to int8.
    @Benchmark
    public float quantize(Rates rates) {
        count(rates, length);
        return floats.quantize(x, 0, length, bytes, 0);
    }

    /// SiLU and a product, over the same numbers again: these are set back first, as they would vanish.
    @Benchmark
    public float[] siluGate(Rates rates) {
        System.arraycopy(x, 0, y, 0, length);
        floats.siluGate(y, gain, 0, length);
        count(rates, 2L * length);
        return y;
    }

    /// ReLU² and a product, as [#siluGate].
    @Benchmark
    public float[] reluSquaredGate(Rates rates) {
        System.arraycopy(x, 0, y, 0, length);
        floats.reluSquaredGate(y, gain, 0, length);
        count(rates, 2L * length);
        return y;
    }

    /// Scores of attention.
    @Benchmark
    public float[] dots(Rates rates) {
        floats.dots(rows, 0, rows, 0, HEAD, length, HEAD, 0.1f, scores);
        rates.add((long) length * HEAD, (long) length * HEAD * Float.BYTES);
        return scores;
    }

    /// Scores to weights; set back first.
    @Benchmark
    public float[] softmax(Rates rates) {
        System.arraycopy(x, 0, y, 0, length);
        floats.softmax(y, 0, length);
        count(rates, length);
        return y;
    }

    /// Floats to bfloat16.
    @Benchmark
    public short[] toBFloat16(Rates rates) {
        floats.toBFloat16(gain, 0, halves, 0, length);
        count(rates, length);
        return halves;
    }

    /// Floats from bfloat16.
    @Benchmark
    public float[] fromBFloat16(Rates rates) {
        Arrays.fill(halves, 0, 1, (short) 0x3f80);
        floats.fromBFloat16(halves, 0, y, 0, length);
        rates.add(0, (long) length * Short.BYTES);
        return y;
    }
}
