package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Tern's run-time layouts for kernels that look sums up: `LUT9` has nine ternary weights in 16 bits (1.78 bits each),
/// `LUT15` fifteen weights of ±1 in the same 16 bits (1.07 bits each).
///
/// For a few activations there are few possible sums: three ternary weights make 3³ = 27 of them, five signs 2⁵ = 32. A
/// table of 32 sums and an index of 5 bits for each row replace the products.
///
/// ```
/// rows in blocks of 32, columns in groups of 9 (LUT9) or 15 (LUT15); 64 bytes for each block and group:
///
///        +--------------------+--------------------+--   --+--------------------+--   --+---------+
///        | block 0, group 0   | block 0, group 1   |  ...  | block 1, group 0   |  ...  | filling |
///        +--------------------+--------------------+--   --+--------------------+--   --+---------+
///
/// within block b, group g:   byte  0   1    2   3            62  63
///                                +--------+--------+--   --+---------+
///                                | row 32b|32b + 16|  ...  | 32b + 31|
///                                +--------+--------+--   --+---------+
///
/// a 16-bit word:  bit  15  14 13 12 11 10   9 8 7 6 5   4 3 2 1 0
///                       0  third index      second      first
///
/// LUT9:   index j = c0 + 3·c1 + 9·c2       c = trit + 1 of columns 9g + 3j, 9g + 3j + 1, 9g + 3j + 2
/// LUT15:  index j = Σ over i < 5 of 2^i·c_i   c = 1 for +1, 0 for -1, of columns 15g + 5j + i
/// ```
///
/// Even lanes hold the rows of a block's first half, odd ones those of its second half, as in [Interleaved2].
///
/// Any shape fits: rows and columns are filled up with zeros (LUT9) or -1 (LUT15), which kernels may read, since the
/// activations there are 0. The [#SPAN_GROUPS] - 1 groups of filling at the end let kernels read beyond the last group
/// without asking whether it is the last.
///
/// - Source: Tern's own.
/// - Scales: outside.
/// - Refused: indices above 26 and, in LUT15, weights of 0.
public final class LookupWords implements Packing {

    /// Rows of a block, each in its own 16-bit lane.
    public static final int LANES = 32;

    /// Bytes of a group of columns of a block of rows.
    public static final int GROUP_BYTES = LANES * Short.BYTES;

    /// Indices in a word.
    public static final int INDICES = 3;

    /// Bits of an index: a table has 2^5 = 32 entries.
    public static final int INDEX_BITS = 5;

    /// The most groups that a kernel takes at a time.
    public static final int SPAN_GROUPS = 28;

    private static final ValueLayout.OfShort WORD = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(
            ByteOrder.LITTLE_ENDIAN);

    private final String name;
    private final int base;
    private final int weightsPerIndex;

    private LookupWords(String name, int base, int weightsPerIndex) {
        this.name = name;
        this.base = base;
        this.weightsPerIndex = weightsPerIndex;
    }

    static LookupWords ternary() {
        return new LookupWords("LUT9", 3, 3);
    }

    static LookupWords signs() {
        return new LookupWords("LUT15", 2, 5);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int columnMultiple() {
        return 1;
    }

    @Override
    public boolean holdsScales() {
        return false;
    }

    @Override
    public double bitsPerWeight() {
        return 16.0 / (INDICES * weightsPerIndex);
    }

    /// Columns whose weights one index stands for: 3 or 5.
    public int weightsPerIndex() {
        return weightsPerIndex;
    }

    /// Groups that `columns` columns take, the last one filled up.
    public int groups(int columns) {
        return Math.ceilDiv(columns, INDICES * weightsPerIndex);
    }

    /// The largest sum that a table of int8 activations can hold, in size.
    public int largestSum() {
        return weightsPerIndex * 128;
    }

    /// What index `index` stands for at the `position`-th of its columns: -1, 0 or +1. Above 26 a ternary index stands for
    /// nothing, and this gives 0.
    public int weight(int index, int position) {
        if (base == 2) {
            return 2 * (index >> position & 1) - 1;
        }
        return index < 27 ? digit(index, position) - 1 : 0;
    }

    private int digit(int index, int position) {
        int rest = index;
        for (int i = 0; i < position; i++) {
            rest /= base;
        }
        return rest % base;
    }

    @Override
    public long byteSize(int rows, int columns) {
        checkShape(rows, columns);
        long groups = (long) Math.ceilDiv(rows, LANES) * groups(columns);
        return (groups + SPAN_GROUPS - 1) * GROUP_BYTES;
    }

    @Override
    public void encode(TernaryMatrix matrix, MemorySegment target) {
        MemorySegment packed = packed(target, matrix.rows(), matrix.columns());
        int groups = groups(matrix.columns());
        int rowsWithFilling = Math.ceilDiv(matrix.rows(), LANES) * LANES;
        for (int row = 0; row < rowsWithFilling; row++) {
            long at = offset(row, 0, groups);
            int whole = base == 3 && row < matrix.rows() ? matrix.columns() / (INDICES * weightsPerIndex) : 0;
            for (int group = 0; group < groups; group++, at += GROUP_BYTES) {
                int word = group < whole
                        ? nineTrits(matrix.trits(), row * matrix.columns() + group * 9)
                        : word(matrix, row, group);
                packed.set(WORD, at, (short) word);
            }
        }
        packed.asSlice((long) rowsWithFilling / LANES * groups * GROUP_BYTES).fill((byte) 0);
    }

    /// [#word] of nine weights that are all there. Models are read through this.
    private static int nineTrits(byte[] trits, int at) {
        return threeTrits(trits, at) | threeTrits(trits, at + 3) << INDEX_BITS
                | threeTrits(trits, at + 6) << 2 * INDEX_BITS;
    }

    /// c0 + 3·c1 + 9·c2 of c = trit + 1.
    private static int threeTrits(byte[] trits, int at) {
        return 13 + trits[at] + 3 * trits[at + 1] + 9 * trits[at + 2];
    }

    private int word(TernaryMatrix matrix, int row, int group) {
        int word = 0;
        int column = group * INDICES * weightsPerIndex;
        for (int index = 0; index < INDICES; index++) {
            int place = 1 << index * INDEX_BITS;
            for (int i = 0; i < weightsPerIndex; i++) {
                word += code(matrix, row, column++) * place;
                place *= base;
            }
        }
        return word;
    }

    private int code(TernaryMatrix matrix, int row, int column) {
        boolean isFilling = row >= matrix.rows() || column >= matrix.columns();
        int trit = isFilling ? base - 3 : matrix.trits()[row * matrix.columns() + column];
        if (base == 3) {
            return trit + 1;
        }
        if (trit == 0) {
            throw new IllegalArgumentException("%s: the weight at row %d, column %d is 0, expected -1 or +1".formatted(
                    name, row, column));
        }
        return (trit + 1) / 2;
    }

    @Override
    public TernaryMatrix decode(MemorySegment source, int rows, int columns, float[] weightScales) {
        MemorySegment packed = packed(source, rows, columns);
        Unpacking weights = new Unpacking(this, rows, columns);
        int groups = groups(columns);
        int groupColumns = INDICES * weightsPerIndex;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int word = packed.get(WORD, offset(row, column / groupColumns, groups));
                int inGroup = column % groupColumns;
                int index = word >> inGroup / weightsPerIndex * INDEX_BITS & (1 << INDEX_BITS) - 1;
                weights.accept(row * columns + column, decoded(index, inGroup % weightsPerIndex));
            }
        }
        return weights.matrix(weightScales);
    }

    /// The code of a weight, 0 to 2; 3 where an index has no meaning.
    private int decoded(int index, int position) {
        if (base == 2) {
            return 2 * digit(index, position);
        }
        return index < 27 ? digit(index, position) : 3;
    }

    private static long offset(int row, int group, int groups) {
        long block = row / LANES;
        return (block * groups + group) * GROUP_BYTES + (long) Interleaved2.laneOfRow(row % LANES) * Short.BYTES;
    }
}
