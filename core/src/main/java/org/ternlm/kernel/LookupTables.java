package org.ternlm.kernel;

import java.lang.foreign.ValueLayout;
import org.ternlm.quant.LookupWords;

/// Where the tables lie that kernels of [LookupWords] prepare: 32 sums of 16 bits for each index of a word.
///
/// ```
/// one token:       [group][index 0 … 2][32]
/// several tokens:  [tile of 4][group][index 0 … 2][token of the tile][32]
///
/// entry e = Σ over i of weight(e, i) · q[column + i]
/// ```
///
/// Then there is room for a kernel that views [LookupWords#SPAN_GROUPS] groups wherever one begins, and at the end stand, as
/// int32 for each tile, the ends of the spans of groups whose sums fit into 16 bits whatever the weights are.
///
/// That is where Σ|q| of the span is at most 32,767 for every token of the tile. Whatever the activations, 28 groups of
/// ternary weights keep within it (252 · 128 = 32,256), and 17 of signs (255 · 128 = 32,640); activations as they come are
/// mostly far from their maximum, and a span is then several times as long.
public final class LookupTables {
    /// Bytes of a table.
    public static final int BYTES = 64;

    /// The end of a span.
    public static final ValueLayout.OfInt END = ValueLayout.JAVA_INT;

    private static final int MOST = Short.MAX_VALUE;

    /// Σ|q|.
    @FunctionalInterface
    public interface SumOfSizes {
        /// Of the `count` values from `from` on, at most 255 of them.
        int of(byte[] values, int from, int count);
    }

    private LookupTables() {}

    /// Tokens whose tables lie together, where there are `tokens` in all.
    public static int together(int tokens) {
        return tokens == 1 ? 1 : TernaryKernel.TILE_TOKENS;
    }

    /// Bytes from one group's tables to the next.
    public static long groupBytes(int tokens) {
        return (long) together(tokens) * LookupWords.INDICES * BYTES;
    }

    /// Bytes from one tile's tables to the next.
    public static long tileBytes(LookupWords layout, int columns, int tokens) {
        return layout.groups(columns) * groupBytes(tokens);
    }

    /// Where the first table of a token lies.
    public static long tokenStart(LookupWords layout, int columns, int tokens, int token) {
        int together = together(tokens);
        long inTile = token % together;
        return token / together * tileBytes(layout, columns, tokens) + inTile * BYTES;
    }

    /// Bytes of all tables and spans.
    public static long byteSize(LookupWords layout, int columns, int tokens) {
        int tiles = Math.ceilDiv(tokens, together(tokens));
        return spanStart(layout, columns, tokens, tiles);
    }

    /// Where the ends of a tile's spans stand, one int32 after the other; the last of them is the number of groups.
    public static long spanStart(LookupWords layout, int columns, int tokens, int tile) {
        long tiles = Math.ceilDiv(tokens, together(tokens));
        long spans = Math.ceilDiv(layout.groups(columns), surelyFit(layout));
        return tiles * tileBytes(layout, columns, tokens) + LookupWords.SPAN_GROUPS * groupBytes(tokens)
                + tile * spans * Integer.BYTES;
    }

    /// Groups whose sums fit into 16 bits whatever the activations are.
    private static int surelyFit(LookupWords layout) {
        return Math.min(LookupWords.SPAN_GROUPS, MOST / (layout.largestSum() * LookupWords.INDICES));
    }

    /// Writes where the spans of a tile end.
    ///
    /// @param fromToken first token of all that are prepared
    /// @param toToken after the last of them
    /// @param sizes how to add sizes up
    public static void writeSpans(LookupWords layout, Activations activations, int fromToken, int toToken, int tile,
            SumOfSizes sizes) {
        int columns = activations.columns();
        int together = together(toToken - fromToken);
        int first = fromToken + tile * together;
        int count = Math.min(together, toToken - first);
        int groups = layout.groups(columns);
        int groupColumns = LookupWords.INDICES * layout.weightsPerIndex();
        int step = surelyFit(layout);
        long at = spanStart(layout, columns, toToken - fromToken, tile);
        int[] sums = new int[count];
        int[] added = new int[count];
        for (int group = 0; group < groups; group += step) {
            int from = group * groupColumns;
            int length = Math.min(columns - from, step * groupColumns);
            int largest = 0;
            for (int i = 0; i < count; i++) {
                added[i] = sizes.of(activations.values(), (first + i) * activations.stride() + from, length);
                sums[i] += added[i];
                largest = Math.max(largest, sums[i]);
            }
            if (largest > MOST) {
                activations.prepared().set(END, at, group);
                at += Integer.BYTES;
                System.arraycopy(added, 0, sums, 0, count);
            }
        }
        activations.prepared().set(END, at, groups);
    }
}
