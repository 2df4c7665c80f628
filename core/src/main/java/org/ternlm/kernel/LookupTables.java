package org.ternlm.kernel;

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
/// At the end there is room for a kernel that views a whole span of groups.
public final class LookupTables {
    /// Bytes of a table.
    public static final int BYTES = 64;

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

    /// Bytes of all tables.
    public static long byteSize(LookupWords layout, int columns, int tokens) {
        long tiles = Math.ceilDiv(tokens, together(tokens));
        return tiles * tileBytes(layout, columns, tokens) + LookupWords.SPAN_GROUPS * groupBytes(tokens);
    }

    /// Groups whose sums fit into 16 bits: 28 of ternary weights (84 · 384 = 32,256), 17 of signs (51 · 640 = 32,640).
    public static int spanGroups(LookupWords layout) {
        int most = Short.MAX_VALUE / (layout.largestSum() * LookupWords.INDICES);
        return Math.min(LookupWords.SPAN_GROUPS, most);
    }
}
