package org.ternlm.quant;

import java.util.Arrays;
import java.util.Objects;

/// A matrix of weights in {-1, 0, +1} with the factor that turns them back into real weights:
/// `W[r][c] ≈ weightScale(r) · trit(r, c)`.
///
/// The plain form between packings: one byte a weight, row-major (`rows` output features × `columns` input features).
/// ±1 matrices (BitNet) are the special case without zeros. Treated as immutable: the arrays are not copied and must
/// not be changed by anyone afterwards. Safe to share between threads.
///
/// @param rows output features, at least 1
/// @param columns input features, at least 1
/// @param trits `rows · columns` values of -1, 0 or +1
/// @param weightScales one factor for the whole matrix (length 1) or one for each row (length `rows`), finite
// Copies would double the memory of a model that is being converted.
@SuppressWarnings("ArrayRecordComponent")
public record TernaryMatrix(int rows, int columns, byte[] trits, float[] weightScales) {

    public TernaryMatrix {
        Objects.requireNonNull(trits, "trits");
        Objects.requireNonNull(weightScales, "weightScales");
        if (rows < 1 || columns < 1 || (long) rows * columns != trits.length) {
            throw new IllegalArgumentException("%d × %d needs %d weights, found %d".formatted(rows, columns,
                    (long) rows * columns, trits.length));
        }
        if (weightScales.length != 1 && weightScales.length != rows) {
            throw new IllegalArgumentException("expected 1 or %d weight scales, found %d".formatted(rows,
                    weightScales.length));
        }
        for (float scale : weightScales) {
            if (!Float.isFinite(scale)) {
                throw new IllegalArgumentException("weight scale is " + scale);
            }
        }
        if (!isTernary(trits)) {
            int index = 0;
            while (trits[index] >= -1 && trits[index] <= 1) {
                index++;
            }
            throw new IllegalArgumentException("weight %d at row %d, column %d is not ternary".formatted(trits[index],
                    index / columns, index % columns));
        }
    }

    /// Without a branch for each, as models are read through this.
    private static boolean isTernary(byte[] trits) {
        int wrong = 0;
        for (byte trit : trits) {
            // Below 0 for a trit of 2 or more, and of -2 or less.
            wrong |= (1 - trit) | (1 + trit);
        }
        return wrong >= 0;
    }

    /// A matrix with one factor for all weights.
    public TernaryMatrix(int rows, int columns, byte[] trits, float weightScale) {
        this(rows, columns, trits, new float[] {weightScale});
    }

    /// The weight at `row`, `column`: -1, 0 or +1.
    public int trit(int row, int column) {
        return trits[row * columns + Objects.checkIndex(column, columns)];
    }

    /// The factor of `row`.
    public float weightScale(int row) {
        return weightScales[weightScales.length == 1 ? 0 : row];
    }

    /// Whether any weight is 0: where none is, one bit would do for each.
    public boolean hasZeros() {
        for (byte trit : trits) {
            if (trit == 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TernaryMatrix that && rows == that.rows && columns == that.columns
                && Arrays.equals(trits, that.trits) && Arrays.equals(weightScales, that.weightScales);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(trits) * 31 + Arrays.hashCode(weightScales);
    }

    @Override
    public String toString() {
        return "TernaryMatrix[%d × %d]".formatted(rows, columns);
    }
}
