package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A layout of ggml's that stores real numbers in blocks: equally many numbers in equally many bytes, block after block,
/// row-major and without gaps. Each block has its own scale, so that its numbers need nothing from outside.
///
/// Plain scalar code; [RoundingBlocks] can be written too. Ternary layouts of blocks are among them, for tensors whose scales differ within a row,
/// which no [TernaryMatrix] can say. Implementations are stateless and safe to share; [Packings] has one of each.
public sealed interface FloatBlocks permits HalfScaledBlocks, Q6_K, RoundingBlocks {

    /// Half precision as files have it.
    ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// The name that users meet, for example `Q6_K`.
    String name();

    /// Numbers of a block.
    int blockWeights();

    /// Bytes of a block.
    int blockBytes();

    /// Decodes one block, whose numbers go to `target` from `index` on. Scales that are not finite give numbers that are
    /// not finite.
    ///
    /// @throws IllegalArgumentException if it holds a code that has no meaning
    void decodeBlock(MemorySegment block, float[] target, int index);

    /// Decodes the blocks that `source` consists of to 4 bytes a number, little-endian, at the start of `target`.
    ///
    /// @throws IllegalArgumentException if `source` is no whole number of blocks, or holds a code that has no meaning
    /// @throws IndexOutOfBoundsException if `target` is too small
    default void decode(MemorySegment source, MemorySegment target) {
        if (source.byteSize() % blockBytes() != 0) {
            throw new IllegalArgumentException("%s: expected blocks of %d bytes, found %d bytes".formatted(name(),
                    blockBytes(), source.byteSize()));
        }
        ValueLayout.OfFloat layout = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        float[] numbers = new float[blockWeights()];
        long blocks = source.byteSize() / blockBytes();
        for (long i = 0; i < blocks; i++) {
            decodeBlock(source.asSlice(i * blockBytes(), blockBytes()), numbers, 0);
            MemorySegment.copy(numbers, 0, target, layout, i * blockWeights() * Float.BYTES, numbers.length);
        }
    }
}
