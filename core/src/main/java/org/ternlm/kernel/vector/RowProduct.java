package org.ternlm.kernel.vector;

import static org.ternlm.kernel.vector.WeightVectors.FLOAT;
import static org.ternlm.kernel.vector.WeightVectors.HALF_LANES;
import static org.ternlm.kernel.vector.WeightVectors.WIDTH;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import org.ternlm.kernel.DenseKernel;
import org.ternlm.quant.DenseForm;

/// One stretch of a row times one token: weights go from memory into the sums without being stored in between. Two
/// halves of the lanes grow side by side, since one vector would wait for the latency of each multiply-add. More rows at
/// once would not help: memory is read best in one stream, and where loops get long, C2 stops inlining in their middle
/// and boxes every vector.
///
/// A stream is recognised by its ascending addresses. C2 unrolls these loops and then loads backwards in each piece, which
/// halves the rate at which memory is read. So where a group of weights fills a line of the cache, a fence, for which the
/// processor does nothing, keeps the order of the loads. Shorter groups are read no faster with it.
///
/// One loop for each form, written out so that nothing is boxed. Where a vector has fewer than 16 lanes, the loop runs
/// for each part of the halves, over weights that then lie in the cache.
final class RowProduct {
    private static final int GROUP = DenseKernel.LANES;

    private RowProduct() {}

    /// Adds a stretch to the sums of a row.
    ///
    /// @param form any but Q6_K
    /// @param at where the stretch begins in memory
    /// @param groups of 32 columns
    static void add(DenseForm form, MemorySegment weights, long at, float[] x, int xAt, int groups, LaneSums sums) {
        float[] lanes = sums.lanes();
        for (int part = 0; part < HALF_LANES; part += WIDTH) {
            switch (form) {
                case F32 -> f32(weights, at, x, xAt + part, groups, part, lanes);
                case F16 -> f16(weights, at, x, xAt + part, groups, part, lanes);
                case BF16 -> bf16(weights, at, x, xAt + part, groups, part, lanes);
                case I8 -> i8(weights, at, x, xAt + part, groups, part, lanes);
                case Q8_0 -> q8(weights, at, x, xAt + part, groups, part, lanes);
                case Q4_0 -> q4(weights, at, x, xAt + part, groups, part, lanes);
                case Q6_K -> throw new IllegalArgumentException("Q6_K has no product of rows");
            }
        }
        sums.add(1, 0);
    }

    private static void f32(MemorySegment weights, long at, float[] x, int xAt, int groups, int part, float[] lanes) {
        FloatVector sum0 = FloatVector.zero(FLOAT);
        FloatVector sum1 = sum0;
        for (int g = 0; g < groups; g++) {
            VarHandle.loadLoadFence();
            long group = at + 4L * GROUP * g;
            FloatVector input0 = FloatVector.fromArray(FLOAT, x, xAt + GROUP * g);
            FloatVector input1 = FloatVector.fromArray(FLOAT, x, xAt + GROUP * g + HALF_LANES);
            sum0 = WeightVectors.f32(weights, group, part).fma(input0, sum0);
            sum1 = WeightVectors.f32(weights, group + 64L, part).fma(input1, sum1);
        }
        sum0.intoArray(lanes, part);
        sum1.intoArray(lanes, part + HALF_LANES);
    }

    private static void f16(MemorySegment weights, long at, float[] x, int xAt, int groups, int part, float[] lanes) {
        FloatVector sum0 = FloatVector.zero(FLOAT);
        FloatVector sum1 = sum0;
        for (int g = 0; g < groups; g++) {
            VarHandle.loadLoadFence();
            long group = at + 2L * GROUP * g;
            FloatVector input0 = FloatVector.fromArray(FLOAT, x, xAt + GROUP * g);
            FloatVector input1 = FloatVector.fromArray(FLOAT, x, xAt + GROUP * g + HALF_LANES);
            sum0 = WeightVectors.f16(weights, group, part).fma(input0, sum0);
            sum1 = WeightVectors.f16(weights, group + 32L, part).fma(input1, sum1);
        }
        sum0.intoArray(lanes, part);
        sum1.intoArray(lanes, part + HALF_LANES);
    }

    private static void bf16(MemorySegment weights, long at, float[] x, int xAt, int groups, int part, float[] lanes) {
        FloatVector sum0 = FloatVector.zero(FLOAT);
        FloatVector sum1 = sum0;
        for (int g = 0; g < groups; g++) {
            VarHandle.loadLoadFence();
            long group = at + 2L * GROUP * g;
            FloatVector input0 = FloatVector.fromArray(FLOAT, x, xAt + GROUP * g);
            FloatVector input1 = FloatVector.fromArray(FLOAT, x, xAt + GROUP * g + HALF_LANES);
            sum0 = WeightVectors.bf16(weights, group, part).fma(input0, sum0);
            sum1 = WeightVectors.bf16(weights, group + 32L, part).fma(input1, sum1);
        }
        sum0.intoArray(lanes, part);
        sum1.intoArray(lanes, part + HALF_LANES);
    }

    private static void i8(MemorySegment weights, long at, float[] x, int xAt, int groups, int part, float[] lanes) {
        FloatVector sum0 = FloatVector.zero(FLOAT);
        FloatVector sum1 = sum0;
        for (int g = 0; g < groups; g++) {
            long group = at + 1L * GROUP * g;
            FloatVector input0 = FloatVector.fromArray(FLOAT, x, xAt + GROUP * g);
            FloatVector input1 = FloatVector.fromArray(FLOAT, x, xAt + GROUP * g + HALF_LANES);
            sum0 = WeightVectors.i8(weights, group, part).fma(input0, sum0);
            sum1 = WeightVectors.i8(weights, group + 16L, part).fma(input1, sum1);
        }
        sum0.intoArray(lanes, part);
        sum1.intoArray(lanes, part + HALF_LANES);
    }

    private static void q8(MemorySegment weights, long at, float[] x, int xAt, int groups, int part, float[] lanes) {
        FloatVector sum0 = FloatVector.zero(FLOAT);
        FloatVector sum1 = sum0;
        for (int g = 0; g < groups; g++) {
            long block = at + 34L * g;
            FloatVector input0 = FloatVector.fromArray(FLOAT, x, xAt + GROUP * g);
            FloatVector input1 = FloatVector.fromArray(FLOAT, x, xAt + GROUP * g + HALF_LANES);
            FloatVector scale = WeightVectors.scale(weights, block);
            sum0 = WeightVectors.i8(weights, block + 2, part).mul(scale).fma(input0, sum0);
            sum1 = WeightVectors.i8(weights, block + 18, part).mul(scale).fma(input1, sum1);
        }
        sum0.intoArray(lanes, part);
        sum1.intoArray(lanes, part + HALF_LANES);
    }

    private static void q4(MemorySegment weights, long at, float[] x, int xAt, int groups, int part, float[] lanes) {
        FloatVector sum0 = FloatVector.zero(FLOAT);
        FloatVector sum1 = sum0;
        for (int g = 0; g < groups; g++) {
            long block = at + 18L * g;
            FloatVector input0 = FloatVector.fromArray(FLOAT, x, xAt + GROUP * g);
            FloatVector input1 = FloatVector.fromArray(FLOAT, x, xAt + GROUP * g + HALF_LANES);
            FloatVector scale = WeightVectors.scale(weights, block);
            IntVector nibbles = WeightVectors.unsigned(weights, block + 2, part);
            sum0 = WeightVectors.low(nibbles, scale).fma(input0, sum0);
            sum1 = WeightVectors.high(nibbles, scale).fma(input1, sum1);
        }
        sum0.intoArray(lanes, part);
        sum1.intoArray(lanes, part + HALF_LANES);
    }
}
