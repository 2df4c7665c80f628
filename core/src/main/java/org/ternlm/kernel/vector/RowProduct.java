package org.ternlm.kernel.vector;

import static org.ternlm.kernel.vector.WeightVectors.FLOAT;
import static org.ternlm.kernel.vector.WeightVectors.LANES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import org.ternlm.kernel.DenseKernel;
import org.ternlm.quant.DenseForm;

/// One stretch of two rows times one token: weights go from memory into the sums without being stored in between. Two
/// sums grow side by side, since one would wait for the latency of each multiply-add; with four, C2 stops inlining in
/// the middle of the longer loops, and boxes every vector.
///
/// One loop for each form, written out so that nothing is boxed. Where a vector has fewer than 16 lanes, the loop runs
/// for each part of them, over weights that then lie in the cache.
final class RowProduct {
    private static final int GROUP = DenseKernel.LANES;

    private RowProduct() {}

    /// Adds a stretch to the sums of two rows, eight doubles each.
    ///
    /// @param form any but Q6_K
    /// @param at0 where the stretch of the first row begins
    /// @param at1 where that of the second row begins
    /// @param groups of 16 columns
    static void add(DenseForm form, MemorySegment weights, long at0, long at1, float[] x, int xAt, int groups,
            double[] sums) {
        for (int part = 0; part < GROUP; part += LANES) {
            switch (form) {
                case F32 -> f32(weights, at0, at1, x, xAt + part, groups, part, sums);
                case F16 -> f16(weights, at0, at1, x, xAt + part, groups, part, sums);
                case BF16 -> bf16(weights, at0, at1, x, xAt + part, groups, part, sums);
                case I8 -> i8(weights, at0, at1, x, xAt + part, groups, part, sums);
                case Q8_0 -> q8(weights, at0, at1, x, xAt + part, groups / 2, part, sums);
                case Q4_0 -> q4(weights, at0, at1, x, xAt + part, groups / 2, part, sums);
                case Q6_K -> throw new IllegalArgumentException("Q6_K has no product of rows");
            }
        }
    }

    private static void f32(MemorySegment weights, long at0, long at1, float[] x, int xAt, int groups, int part,
            double[] sums) {
        FloatVector sum0 = FloatVector.zero(FLOAT);
        FloatVector sum1 = sum0;
        for (int g = 0; g < groups; g++) {
            long at = 4L * GROUP * g;
            FloatVector input = FloatVector.fromArray(FLOAT, x, xAt + GROUP * g);
            sum0 = WeightVectors.f32(weights, at0 + at, part).fma(input, sum0);
            sum1 = WeightVectors.f32(weights, at1 + at, part).fma(input, sum1);
        }
        LaneSums.add(sum0, part, sums, 0);
        LaneSums.add(sum1, part, sums, DenseKernel.SUMS);
    }

    private static void f16(MemorySegment weights, long at0, long at1, float[] x, int xAt, int groups, int part,
            double[] sums) {
        FloatVector sum0 = FloatVector.zero(FLOAT);
        FloatVector sum1 = sum0;
        for (int g = 0; g < groups; g++) {
            long at = 2L * GROUP * g;
            FloatVector input = FloatVector.fromArray(FLOAT, x, xAt + GROUP * g);
            sum0 = WeightVectors.f16(weights, at0 + at, part).fma(input, sum0);
            sum1 = WeightVectors.f16(weights, at1 + at, part).fma(input, sum1);
        }
        LaneSums.add(sum0, part, sums, 0);
        LaneSums.add(sum1, part, sums, DenseKernel.SUMS);
    }

    private static void bf16(MemorySegment weights, long at0, long at1, float[] x, int xAt, int groups, int part,
            double[] sums) {
        FloatVector sum0 = FloatVector.zero(FLOAT);
        FloatVector sum1 = sum0;
        for (int g = 0; g < groups; g++) {
            long at = 2L * GROUP * g;
            FloatVector input = FloatVector.fromArray(FLOAT, x, xAt + GROUP * g);
            sum0 = WeightVectors.bf16(weights, at0 + at, part).fma(input, sum0);
            sum1 = WeightVectors.bf16(weights, at1 + at, part).fma(input, sum1);
        }
        LaneSums.add(sum0, part, sums, 0);
        LaneSums.add(sum1, part, sums, DenseKernel.SUMS);
    }

    private static void i8(MemorySegment weights, long at0, long at1, float[] x, int xAt, int groups, int part,
            double[] sums) {
        FloatVector sum0 = FloatVector.zero(FLOAT);
        FloatVector sum1 = sum0;
        for (int g = 0; g < groups; g++) {
            long at = 1L * GROUP * g;
            FloatVector input = FloatVector.fromArray(FLOAT, x, xAt + GROUP * g);
            sum0 = WeightVectors.i8(weights, at0 + at, part).fma(input, sum0);
            sum1 = WeightVectors.i8(weights, at1 + at, part).fma(input, sum1);
        }
        LaneSums.add(sum0, part, sums, 0);
        LaneSums.add(sum1, part, sums, DenseKernel.SUMS);
    }

    private static void q8(MemorySegment weights, long at0, long at1, float[] x, int xAt, int blocks, int part,
            double[] sums) {
        FloatVector sum0 = FloatVector.zero(FLOAT);
        FloatVector sum1 = sum0;
        for (int b = 0; b < blocks; b++) {
            long at = 34L * b;
            FloatVector input0 = FloatVector.fromArray(FLOAT, x, xAt + 32 * b);
            FloatVector input1 = FloatVector.fromArray(FLOAT, x, xAt + 32 * b + GROUP);
            FloatVector scale0 = WeightVectors.scale(weights, at0 + at);
            FloatVector scale1 = WeightVectors.scale(weights, at1 + at);
            sum0 = WeightVectors.i8(weights, at0 + at + 2, part).mul(scale0).fma(input0, sum0);
            sum1 = WeightVectors.i8(weights, at1 + at + 2, part).mul(scale1).fma(input0, sum1);
            sum0 = WeightVectors.i8(weights, at0 + at + 18, part).mul(scale0).fma(input1, sum0);
            sum1 = WeightVectors.i8(weights, at1 + at + 18, part).mul(scale1).fma(input1, sum1);
        }
        LaneSums.add(sum0, part, sums, 0);
        LaneSums.add(sum1, part, sums, DenseKernel.SUMS);
    }

    private static void q4(MemorySegment weights, long at0, long at1, float[] x, int xAt, int blocks, int part,
            double[] sums) {
        FloatVector sum0 = FloatVector.zero(FLOAT);
        FloatVector sum1 = sum0;
        for (int b = 0; b < blocks; b++) {
            long at = 18L * b;
            FloatVector input0 = FloatVector.fromArray(FLOAT, x, xAt + 32 * b);
            FloatVector input1 = FloatVector.fromArray(FLOAT, x, xAt + 32 * b + GROUP);
            FloatVector scale0 = WeightVectors.scale(weights, at0 + at);
            FloatVector scale1 = WeightVectors.scale(weights, at1 + at);
            IntVector nibbles0 = WeightVectors.nibbles(weights, at0 + at + 2, part);
            IntVector nibbles1 = WeightVectors.nibbles(weights, at1 + at + 2, part);
            sum0 = WeightVectors.low(nibbles0, scale0).fma(input0, sum0);
            sum1 = WeightVectors.low(nibbles1, scale1).fma(input0, sum1);
            sum0 = WeightVectors.high(nibbles0, scale0).fma(input1, sum0);
            sum1 = WeightVectors.high(nibbles1, scale1).fma(input1, sum1);
        }
        LaneSums.add(sum0, part, sums, 0);
        LaneSums.add(sum1, part, sums, DenseKernel.SUMS);
    }
}
