package org.ternlm.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// What kernels of [org.ternlm.quant.Columns2] prepare of a token: which columns are not zero, in pairs, and a table of
/// sums for each pair.
///
/// ```
/// a token:   pairs, int32 | columns of the pairs, int32 | tables of 32 sums of 16 bits, 64 bytes each
///
/// entry e of a pair of columns i, j = (e mod 4 - 1) · q[i] + (e / 4 mod 4 - 1) · q[j]
/// ```
///
/// The upper half of a table repeats the lower one, so that the fifth bit of an index does not matter. Where the number of
/// columns is odd, the last pair's second is the first column of all, with 0 for its activation.
///
/// Columns do not stand in their order but those first whose number is a multiple of [#STEP], then their neighbours: what
/// a processor fetches in advance because lines were read in order would mostly be columns that nobody needs.
///
/// After the tables there is room for a kernel that views a whole span of pairs.
public final class ActiveColumns {
    /// Entries of a table.
    public static final int ENTRIES = 32;
    /// Bytes of a table.
    public static final int TABLE_BYTES = ENTRIES * Short.BYTES;
    /// Pairs whose sums fit into 16 bits: 127 · 2 · 128 = 32,512.
    public static final int SPAN_PAIRS = 127;

    private static final int STEP = 4;
    private static final int LINE = 64;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private ActiveColumns() {}

    /// Bytes of so many tokens.
    public static long byteSize(int columns, int tokens) {
        return tokens * tokenBytes(columns) + (long) SPAN_PAIRS * TABLE_BYTES;
    }

    /// Bytes from one token to the next.
    public static long tokenBytes(int columns) {
        return firstTable(columns) + (long) mostPairs(columns) * TABLE_BYTES;
    }

    /// Where the tables begin, from the start of a token.
    public static long firstTable(int columns) {
        long listed = 2L * mostPairs(columns) * Integer.BYTES;
        return LINE + Math.ceilDiv(listed, LINE) * LINE;
    }

    private static int mostPairs(int columns) {
        return Math.ceilDiv(columns, 2);
    }

    /// The trit that an index stands for at the first or second column of a pair; code 3 gives any number.
    public static int trit(int index, int second) {
        return (index >> 2 * second & 3) - 1;
    }

    /// Lists the columns of `values`, `columns` of them from `start` on, that are not 0, for the token at `at`.
    ///
    /// @return pairs
    public static int list(byte[] values, int start, int columns, MemorySegment prepared, long at) {
        long first = at + LINE;
        int count = 0;
        for (int offset = 0; offset < STEP; offset++) {
            for (int column = offset; column < columns; column += STEP) {
                // Always written and mostly written over: a branch here would be guessed wrong.
                prepared.set(INT, first + 4L * count, column);
                count += values[start + column] != 0 ? 1 : 0;
            }
        }
        int pairs = (count + 1) / 2;
        if (count % 2 == 1) {
            prepared.set(INT, first + 4L * count, prepared.get(INT, first));
        }
        prepared.set(INT, at, pairs);
        prepared.set(INT, at + Integer.BYTES, count);
        return pairs;
    }

    /// Pairs of the token at `at`.
    public static int pairs(MemorySegment prepared, long at) {
        return prepared.get(INT, at);
    }

    /// The `index`-th column of the token at `at`, two for each pair.
    public static int column(MemorySegment prepared, long at, int index) {
        return prepared.get(INT, at + LINE + 4L * index);
    }

    /// The columns of [#SPAN_PAIRS] pairs, in memory of a size that the compiler knows: those behind the last pair are
    /// something else.
    ///
    /// @param pair the first
    public static MemorySegment span(MemorySegment prepared, long at, int pair) {
        return prepared.asSlice(at + LINE + 2L * Integer.BYTES * pair, 2L * Integer.BYTES * SPAN_PAIRS);
    }

    /// The `index`-th column of a span, two for each pair.
    public static int column(MemorySegment span, int index) {
        return span.get(INT, 4L * index);
    }

    /// The activation of the `index`-th column.
    public static byte value(byte[] values, int start, MemorySegment prepared, long at, int index) {
        boolean isFilling = index >= prepared.get(INT, at + Integer.BYTES);
        return isFilling ? 0 : values[start + column(prepared, at, index)];
    }
}
