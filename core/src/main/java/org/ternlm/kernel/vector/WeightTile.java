package org.ternlm.kernel.vector;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static org.ternlm.kernel.vector.WeightVectors.WIDTH;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import org.ternlm.quant.DenseForm;

/// Decodes a stretch of a row to floats, so that many tokens share the work. One loop for each form, as in [RowProduct].
final class WeightTile {
    private static final int GROUP = WeightVectors.HALF_LANES;

    private WeightTile() {}

    /// @param at where the stretch begins in memory
    /// @param groups of 16 columns
    /// @param start where it is to begin in `tile`
    static void unpack(DenseForm form, MemorySegment weights, long at, int groups, float[] tile, int start) {
        for (int part = 0; part < GROUP; part += WIDTH) {
            switch (form) {
                case F32 -> f32(weights, at, groups, part, tile, start + part);
                case F16 -> f16(weights, at, groups, part, tile, start + part);
                case BF16 -> bf16(weights, at, groups, part, tile, start + part);
                case I8 -> i8(weights, at, groups, part, tile, start + part);
                case Q8_0 -> q8(weights, at, groups / 2, part, tile, start + part);
                case Q4_0 -> q4(weights, at, groups / 2, part, tile, start + part);
                case Q6_K -> {
                    q6Low(weights, at, groups / 2, part, tile, start + part);
                    q6High(weights, at, groups / 2, part, tile, start + part);
                }
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
            IntVector nibbles = WeightVectors.unsigned(weights, block + 2, part);
            WeightVectors.low(nibbles, scale).intoArray(tile, start + 32 * b);
            WeightVectors.high(nibbles, scale).intoArray(tile, start + 32 * b + GROUP);
        }
    }

    /// The first 64 of each 128 weights, which lie in lower nibbles. Eight steps a block: 16 bytes of nibbles and 16 of
    /// upper bits are a group each. A loop that did it all at once would be too long for C2 to inline.
    private static void q6Low(MemorySegment weights, long at, int steps, int part, float[] tile, int start) {
        for (int s = 0; s < steps; s++) {
            int half = s % 8 / 4;
            int group = s % 4;
            long block = at + 210L * (s / 8);
            IntVector lower = WeightVectors.unsigned(weights, block + 64L * half + 16L * group, part);
            IntVector upper = WeightVectors.unsigned(weights, block + 128 + 32L * half + 16L * (group % 2), part);
            float scale = WeightVectors.half(weights, block + 208)
                    * WeightVectors.signed(weights, block + 192 + 8L * half + group);
            WeightVectors.q6(lower.and(15), upper.lanewise(LSHL, 4 - group / 2 * 2), scale)
                    .intoArray(tile, start + 256 * (s / 8) + 128 * half + GROUP * group);
        }
    }

    /// The other 64, in upper nibbles.
    private static void q6High(MemorySegment weights, long at, int steps, int part, float[] tile, int start) {
        for (int s = 0; s < steps; s++) {
            int half = s % 8 / 4;
            int group = s % 4;
            long block = at + 210L * (s / 8);
            IntVector lower = WeightVectors.unsigned(weights, block + 64L * half + 16L * group, part);
            IntVector upper = WeightVectors.unsigned(weights, block + 128 + 32L * half + 16L * (group % 2), part);
            float scale = WeightVectors.half(weights, block + 208)
                    * WeightVectors.signed(weights, block + 196 + 8L * half + group);
            WeightVectors.q6(lower.lanewise(LSHR, 4), upper.lanewise(LSHR, group / 2 * 2), scale)
                    .intoArray(tile, start + 256 * (s / 8) + 128 * half + 64 + GROUP * group);
        }
    }
}
