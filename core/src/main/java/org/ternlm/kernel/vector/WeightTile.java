package org.ternlm.kernel.vector;

import static org.ternlm.kernel.vector.WeightVectors.LANES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import org.ternlm.kernel.DenseKernel;
import org.ternlm.quant.DenseForm;

/// Decodes a stretch of a row to floats, so that many tokens share the work. One loop for each form, as in [RowProduct].
final class WeightTile {
    private static final int GROUP = DenseKernel.LANES;

    private WeightTile() {}

    /// @param at where the stretch begins in memory
    /// @param groups of 16 columns
    /// @param start where it is to begin in `tile`
    static void unpack(DenseForm form, MemorySegment weights, long at, int groups, float[] tile, int start) {
        for (int part = 0; part < GROUP; part += LANES) {
            switch (form) {
                case F32 -> f32(weights, at, groups, part, tile, start + part);
                case F16 -> f16(weights, at, groups, part, tile, start + part);
                case BF16 -> bf16(weights, at, groups, part, tile, start + part);
                case I8 -> i8(weights, at, groups, part, tile, start + part);
                case Q8_0 -> q8(weights, at, groups / 2, part, tile, start + part);
                case Q4_0 -> q4(weights, at, groups / 2, part, tile, start + part);
                case Q6_K -> q6(weights, at, groups / 16, part, tile, start + part);
            }
        }
    }

    private static void f32(MemorySegment weights, long at, int groups, int part, float[] tile, int start) {
        for (int g = 0; g < groups; g++) {
            WeightVectors.f32(weights, at + 4L * GROUP * g, part).intoArray(tile, start + GROUP * g);
        }
    }

    private static void f16(MemorySegment weights, long at, int groups, int part, float[] tile, int start) {
        for (int g = 0; g < groups; g++) {
            WeightVectors.f16(weights, at + 2L * GROUP * g, part).intoArray(tile, start + GROUP * g);
        }
    }

    private static void bf16(MemorySegment weights, long at, int groups, int part, float[] tile, int start) {
        for (int g = 0; g < groups; g++) {
            WeightVectors.bf16(weights, at + 2L * GROUP * g, part).intoArray(tile, start + GROUP * g);
        }
    }

    private static void i8(MemorySegment weights, long at, int groups, int part, float[] tile, int start) {
        for (int g = 0; g < groups; g++) {
            WeightVectors.i8(weights, at + (long) GROUP * g, part).intoArray(tile, start + GROUP * g);
        }
    }

    private static void q8(MemorySegment weights, long at, int blocks, int part, float[] tile, int start) {
        for (int b = 0; b < blocks; b++) {
            long block = at + 34L * b;
            FloatVector scale = WeightVectors.scale(weights, block);
            WeightVectors.i8(weights, block + 2, part).mul(scale).intoArray(tile, start + 32 * b);
            WeightVectors.i8(weights, block + 18, part).mul(scale).intoArray(tile, start + 32 * b + GROUP);
        }
    }

    private static void q4(MemorySegment weights, long at, int blocks, int part, float[] tile, int start) {
        for (int b = 0; b < blocks; b++) {
            long block = at + 18L * b;
            FloatVector scale = WeightVectors.scale(weights, block);
            IntVector nibbles = WeightVectors.nibbles(weights, block + 2, part);
            WeightVectors.low(nibbles, scale).intoArray(tile, start + 32 * b);
            WeightVectors.high(nibbles, scale).intoArray(tile, start + 32 * b + GROUP);
        }
    }

    private static void q6(MemorySegment weights, long at, int blocks, int part, float[] tile, int start) {
        for (int b = 0; b < blocks; b++) {
            long block = at + 210L * b;
            float scale = WeightVectors.half(weights, block + 208);
            for (int g = 0; g < 16; g++) {
                int run = g % 8 / 2;
                int m = g % 2 * GROUP;
                long lower = block + g / 8 * 64L + run % 2 * 32L + m;
                long upper = block + 128 + g / 8 * 32L + m;
                float own = scale * WeightVectors.signed(weights, block + 192 + g);
                WeightVectors.q6(weights, lower, run / 2 * 4, upper, run * 2, part).mul(own).intoArray(tile,
                        start + 256 * b + GROUP * g);
            }
        }
    }
}
