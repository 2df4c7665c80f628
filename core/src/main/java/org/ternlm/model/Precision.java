package org.ternlm.model;

import org.ternlm.format.gguf.GgufType;

/// How near to a number its stored form is: within a share of itself, or of the largest number of its block.
///
/// @param share of the number, or of the largest of the block
/// @param block numbers that share a scale; 1 where each stands for itself
record Precision(float share, int block) {
    /// Half precision ends here: what is smaller rounds to a multiple of twice this.
    private static final float SMALLEST = 0x1p-25f;
    private static final float HALF = 0x1p-11f;
    private static final float INT8 = 1 / 254f + 0x1p-20f;

    static Precision of(GgufType type) {
        return switch (type) {
            // The inverse of a scale, which some folders hold, rounds twice.
            case F32, I2_S, IQ2_BN, IQ2_BN_R4 -> new Precision(0x1p-22f, 1);
            case F16, TQ1_0, TQ2_0, Q1_0, Q2_0, IQ1_BN -> new Precision(HALF, 1);
            case BF16 -> new Precision(0x1p-8f, 1);
            // Half a step of 127 or 31, a step of 8; and the rounding of the scale.
            case Q8_0 -> new Precision(1 / 254f + HALF, 32);
            case Q6_K -> new Precision(1 / 31f, 256);
            case Q4_0 -> new Precision(1 / 8f + HALF, 32);
        };
    }

    /// Of int8 with one scale for a row of so many numbers: half a step of 127, and the rounding of the scale.
    static Precision ofInt8Rows(int columns) {
        return new Precision(INT8, columns);
    }

    /// Whether `found` is near enough to `expected` in a block whose largest magnitude is `largest`.
    boolean holds(float expected, float found, float largest) {
        float reach = block == 1 ? Math.abs(expected) : largest;
        // A block whose scale is below the range of halves becomes zeros.
        boolean hasFloatScale = share == 0x1p-22f || share == INT8;
        float least = hasFloatScale ? 0 : block == 1 ? SMALLEST : block * 4 * SMALLEST;
        return Math.abs(expected - found) <= Math.max(reach * share, least);
    }

    /// The first number of a row that is not near enough; -1 if there is none.
    int firstOff(float[] expected, float[] found) {
        for (int from = 0; from < expected.length; from += block) {
            int end = Math.min(expected.length, from + block);
            float largest = 0;
            for (int i = from; i < end; i++) {
                largest = Math.max(largest, Math.abs(expected[i]));
            }
            for (int i = from; i < end; i++) {
                if (!holds(expected[i], found[i], largest)) {
                    return i;
                }
            }
        }
        return -1;
    }
}
