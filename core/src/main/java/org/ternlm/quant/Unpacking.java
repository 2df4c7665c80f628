package org.ternlm.quant;

/// A matrix while a packing reads it. Every code is checked on its way in, so that an error can name layout and place.
final class Unpacking {

    private final Packing packing;
    private final int rows;
    private final int columns;
    private final byte[] trits;
    private final int highest;

    /// @throws IllegalArgumentException if the matrix has more weights than an array can hold
    Unpacking(Packing packing, int rows, int columns) {
        long weights = (long) rows * columns;
        if (weights > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("%s: %d × %d are more weights than a Java array can hold".formatted(
                    packing.name(), rows, columns));
        }
        this.packing = packing;
        this.rows = rows;
        this.columns = columns;
        this.trits = new byte[(int) weights];
        this.highest = 2;
    }

    private Unpacking(Packing packing, int weights) {
        this.packing = packing;
        rows = 1;
        columns = weights;
        trits = new byte[weights];
        highest = packing instanceof Q2_0 ? 3 : 2;
    }

    /// A row of `weights` that are to be read as numbers: of the layouts, only Q2_0 gives the code 3 a meaning, +2.
    static Unpacking ofNumbers(Packing packing, int weights) {
        return new Unpacking(packing, weights);
    }

    /// Takes the weight at the row-major `index`.
    ///
    /// @throws IllegalArgumentException if `code` is 3, the one two-bit code that is no trit; a [NotTernaryException]
    /// where that means something in the layout
    void accept(int index, int code) {
        if (code > highest) {
            String message = "%s: code %d at row %d, column %d is no ternary weight (expected 0 to 2)".formatted(packing
                    .name(), code, index / columns, index % columns);
            throw packing instanceof Q2_0 ? new NotTernaryException(message) : new IllegalArgumentException(message);
        }
        trits[index] = (byte) (code - 1);
    }

    /// The weight at `index`, without its scale.
    int value(int index) {
        return trits[index];
    }

    /// Whether the `count` weights from `index` on are all zero.
    boolean isZero(int index, int count) {
        for (int i = index; i < index + count; i++) {
            if (trits[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /// The matrix, once every weight was accepted.
    TernaryMatrix matrix(float... weightScales) {
        return new TernaryMatrix(rows, columns, trits, weightScales);
    }
}
