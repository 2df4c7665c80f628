package org.ternlm.quant;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// A matrix while a packing reads it. Every code is checked on its way in, so that an error can name layout and place.
final class Unpacking {
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHEST_BITS = 0x8080808080808080L;

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
        this.trits = TritArrays.take((int) weights);
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

    /// Takes `count` weights from the row-major `index` on: the two bits from `shift` on of as many bytes. Eight at a time, a
    /// byte of a `long` each, since models are read through this.
    ///
    /// @throws IllegalArgumentException as [#accept(int, int)] does
    void accept(int index, byte[] bytes, int from, int count, int shift) {
        long refused = 0;
        int i = 0;
        for (; i + Long.BYTES <= count; i += Long.BYTES) {
            long codes = (long) EIGHT.get(bytes, from + i) >>> shift & 3 * ONES;
            refused |= codes & codes >>> 1 & ONES;
            // One less in each byte. The highest bits, set before, keep bytes from borrowing of one another.
            EIGHT.set(trits, index + i, (codes | HIGHEST_BITS) - ONES ^ HIGHEST_BITS);
        }
        int done = refused == 0 ? i : 0;
        for (i = done; i < count; i++) {
            accept(index + i, bytes[from + i] >> shift & 3);
        }
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
