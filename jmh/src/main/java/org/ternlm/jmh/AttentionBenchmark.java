package org.ternlm.jmh;

import java.lang.foreign.Arena;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.ternlm.kernel.AttentionKernel;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.KvBlock;
import org.ternlm.kernel.KvForm;

/// A block of 64 positions of the cache, one head, on one thread. The rates count multiply-adds, and bytes of keys or values.
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init")
public class AttentionBenchmark extends OperatorBenchmark {
    private static final int SIZE = 128;

    /// What keys and values are kept as.
    @Param
    public KvForm form;

    /// Queries that share the keys.
    @Param({"1", "4"})
    public int queries;

    private AttentionKernel attention;
    private KvBlock block;
    private float[] query;
    private float[] scores;
    private float[] weights;
    private float[] out;
    private int[] places;
    private int[] scorePlaces;

    @Override
    void prepare(Kernels opened, Arena memory) {
        attention = opened.floats().attention();
        block = form.block(1, SIZE);
        float[] numbers = random(SIZE);
        for (int position = 0; position < KvBlock.POSITIONS; position++) {
            block.put(0, position, numbers, 0, numbers, 0);
        }
        query = random(AttentionKernel.QUERIES * SIZE);
        out = new float[AttentionKernel.QUERIES * SIZE];
        scores = random(AttentionKernel.QUERIES * KvBlock.POSITIONS);
        weights = new float[scores.length];
        places = new int[AttentionKernel.QUERIES];
        scorePlaces = new int[AttentionKernel.QUERIES];
        for (int i = 0; i < places.length; i++) {
            places[i] = i * SIZE;
            scorePlaces[i] = i * KvBlock.POSITIONS;
        }
    }

    private void count(Rates rates) {
        long each = (long) KvBlock.POSITIONS * SIZE;
        rates.add(each * queries, each * switch (form) {
            case F32 -> Float.BYTES;
            case BF16 -> Short.BYTES;
            case INT8 -> Byte.BYTES;
        });
    }

    /// Queries × keys.
    @Benchmark
    public float[] scores(Rates rates) {
        attention.scores(block, 0, KvBlock.POSITIONS, query, places, queries, 0.1f, scores, scorePlaces);
        count(rates);
        return scores;
    }

    /// Weights × values. They are copied first, as they are used up.
    @Benchmark
    public float[] mix(Rates rates) {
        System.arraycopy(scores, 0, weights, 0, weights.length);
        attention.mix(block, 0, 0, KvBlock.POSITIONS, weights, scorePlaces, queries, out, places);
        count(rates);
        return out;
    }
}
