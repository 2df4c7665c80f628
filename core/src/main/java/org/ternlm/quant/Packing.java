package org.ternlm.quant;

import java.lang.foreign.MemorySegment;

/// A layout of ternary (or ±1) weights in memory: how many bytes, and which bits hold which weight.
///
/// One implementation a layout, each with its byte diagram and plain scalar code in both directions; what is fast is
/// tested against them. The public layouts are what files contain; Tern's run-time layouts are made at load and never
/// leave the process. Implementations are stateless and safe to share.
///
/// Codes: every ternary layout stores `c = trit + 1`, 0 to 2. Codes that a layout can hold but that are no trit are
/// refused by [#decode].
public interface Packing {

    /// The name that users meet, for example `TQ2_0`.
    String name();

    /// The number of columns must be a multiple of this.
    int columnMultiple();

    /// The number of rows must be a multiple of this.
    default int rowMultiple() {
        return 1;
    }

    /// Whether the bytes themselves carry the weight scales. Where not, they travel beside them and [#decode] takes
    /// them as given.
    boolean holdsScales();

    /// Bytes of a packed `rows × columns` matrix.
    ///
    /// @throws IllegalArgumentException if the shape does not fit the multiples
    /// @throws ArithmeticException if the size overflows
    long byteSize(int rows, int columns);

    /// Packs `matrix` into the first [#byteSize] bytes of `target`. Allocates nothing of the matrix's size.
    ///
    /// @throws IllegalArgumentException if shape, scales (more than the layout can carry) or a weight do not fit, or
    /// if `target` is too small
    void encode(TernaryMatrix matrix, MemorySegment target);

    /// Unpacks the first [#byteSize] bytes of `source`, exactly.
    ///
    /// @param weightScales the scales where the layout does not hold them, else ignored
    /// @throws IllegalArgumentException if the shape does not fit, `source` is too small, or a code is no trit
    TernaryMatrix decode(MemorySegment source, int rows, int columns, float[] weightScales);

    /// Bits a weight in a large matrix.
    default double bitsPerWeight() {
        int rows = 64 * rowMultiple();
        int columns = 64 * columnMultiple();
        return 8.0 * byteSize(rows, columns) / rows / columns;
    }

    /// Checks what every layout needs of a shape.
    ///
    /// @throws IllegalArgumentException naming the layout, the multiple and the shape
    default void checkShape(int rows, int columns) {
        if (rows < 1 || columns < 1 || rows % rowMultiple() != 0 || columns % columnMultiple() != 0) {
            throw new IllegalArgumentException("%s: expected rows in multiples of %d and columns in multiples of %d, "
                    .formatted(name(), rowMultiple(), columnMultiple()) + "found %d × %d".formatted(rows, columns));
        }
    }
}
