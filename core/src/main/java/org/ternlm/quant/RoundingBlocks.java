package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// Blocks that any finite numbers can be rounded to, with the arithmetic of ggml's reference quantisers, so that the
/// bytes are those that other programs write.
///
/// What has been decoded encodes to the same bytes again, but for the sign of a scale of 0. A block whose scale is too small for a half (its numbers are
/// below 2⁻¹⁸) becomes zeros.
public sealed interface RoundingBlocks extends FloatBlocks permits Q4_0, Q8_0 {

    /// Rounds one block, whose numbers are those of `source` from `index` on, and writes all of its bytes.
    ///
    /// @throws IllegalArgumentException if a number is not finite, or too large for a scale in half precision
    void encodeBlock(float[] source, int index, MemorySegment block);

    /// Rounds `count` numbers to the blocks that begin with `target`. After a refusal some may be written.
    ///
    /// @throws IllegalArgumentException if `count` is no whole number of blocks, or as [#encodeBlock] does
    /// @throws IndexOutOfBoundsException if `source` or `target` is too small
    default void encode(float[] source, int offset, int count, MemorySegment target) {
        Objects.checkFromIndexSize(offset, count, source.length);
        if (count % blockWeights() != 0) {
            throw new IllegalArgumentException("%s: expected blocks of %d numbers, found %d numbers".formatted(name(),
                    blockWeights(), count));
        }
        for (int i = 0; i < count / blockWeights(); i++) {
            encodeBlock(source, offset + i * blockWeights(), target.asSlice((long) i * blockBytes(), blockBytes()));
        }
    }

    /// The number with the largest magnitude of a block, the first of several; 0 for zeros.
    ///
    /// @throws IllegalArgumentException if a number is not finite
    static float extreme(RoundingBlocks layout, float[] source, int index) {
        float extreme = 0;
        for (int i = index; i < index + layout.blockWeights(); i++) {
            if (!Float.isFinite(source[i])) {
                throw new IllegalArgumentException("%s: expected finite numbers, found %s".formatted(layout.name(),
                        source[i]));
            }
            if (Math.abs(source[i]) > Math.abs(extreme)) {
                extreme = source[i];
            }
        }
        return extreme;
    }

    /// Writes a block's scale and returns what its numbers are multiplied by before rounding: the inverse of the scale
    /// before that was rounded to a half, or 0 where the half is 0.
    ///
    /// @throws IllegalArgumentException if the scale is too large for a half
    static float putScale(RoundingBlocks layout, float scale, MemorySegment block) {
        short half = Float.floatToFloat16(scale);
        float stored = Float.float16ToFloat(half);
        if (Float.isInfinite(stored)) {
            throw new IllegalArgumentException("%s: scale %s does not fit a half".formatted(layout.name(), scale));
        }
        block.set(HALF, 0, half);
        return stored == 0 ? 0 : 1 / scale;
    }
}
