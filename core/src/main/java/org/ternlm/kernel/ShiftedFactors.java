package org.ternlm.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.ternlm.quant.Interleaved2;

/// What activations are multiplied as, so that kernels of [Interleaved2] need not cut single codes out of a word.
///
/// A word x holds the codes c0 … c7, two bits each. Let X(j) = ⌊x / 4^j⌋, a shift, so that c(j) = X(j) - 4 · X(j + 1):
///
/// ```
/// Σ over j < 8 of c(j) · q(j)  =  Σ over j ≤ 8 of X(j) · f(j)
///
/// f(0) = q(0)     f(j) = q(j) - 4 · q(j - 1)     f(8) = -4 · q(7)
/// ```
///
/// That holds modulo 2^16 as well, so 16-bit products and sums may wrap on the way, as long as the sum itself fits. It
/// also allows to shift two words at once as one of 32 bits: the codes of the upper word that slide into the lower one are
/// the X(8) of that.
///
/// ```
/// one token:       [group][j = 0 … 8], 16 bits each
/// several tokens:  [tile of 4][group][j = 0 … 8][token of the tile]
/// ```
public final class ShiftedFactors {
    /// Factors of a group of columns.
    public static final int OF_GROUP = Interleaved2.GROUP_COLUMNS + 1;

    private static final ValueLayout.OfShort FACTOR = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(
            ByteOrder.LITTLE_ENDIAN);

    private ShiftedFactors() {}

    /// Tokens whose factors lie together, where there are `tokens` in all.
    public static int together(int tokens) {
        return tokens == 1 ? 1 : TernaryKernel.TILE_TOKENS;
    }

    /// Bytes from one group's factors to the next.
    public static int groupBytes(int tokens) {
        return together(tokens) * OF_GROUP * Short.BYTES;
    }

    /// Bytes from one tile's factors to the next.
    public static long tileBytes(int columns, int tokens) {
        return (long) Interleaved2.groups(columns) * groupBytes(tokens);
    }

    /// Bytes of all factors, and of what a kernel may view beyond.
    public static long byteSize(int columns, int tokens) {
        long tiles = Math.ceilDiv(tokens, together(tokens));
        return tiles * tileBytes(columns, tokens) + (long) Interleaved2.SPAN_GROUPS * groupBytes(tokens);
    }

    /// Writes the factors, as [TernaryKernel#prepare] says.
    public static void write(Activations activations, int fromToken, int toToken, int from, int to) {
        int tokens = toToken - fromToken;
        int together = together(tokens);
        int groups = Interleaved2.groups(activations.columns());
        MemorySegment factors = activations.prepared();
        byte[] values = activations.values();
        for (int token = from; token < to; token++) {
            int column = (fromToken + token) * activations.stride();
            long at = token / together * tileBytes(activations.columns(), tokens) + token % together * 2L;
            for (int group = 0; group < groups; group++) {
                int before = 0;
                for (int j = 0; j < Interleaved2.GROUP_COLUMNS; j++) {
                    int value = values[column++];
                    factors.set(FACTOR, at, (short) (value - 4 * before));
                    before = value;
                    at += 2L * together;
                }
                factors.set(FACTOR, at, (short) (-4 * before));
                at += 2L * together;
            }
        }
    }
}
