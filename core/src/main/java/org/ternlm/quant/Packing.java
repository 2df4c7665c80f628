package org.ternlm.quant;

import java.lang.foreign.MemorySegment;

/// A layout of ternary (or ±1) weights in memory: how many bytes, and which bits hold which weight.
///
/// One implementation a layout, each with its byte diagram and plain scalar code in both directions; what is fast is
/// tested against them. The public layouts are what files contain; Tern's run-time layouts are made at load and never
/// leave the process. Implementations are stateless and safe to share; [Packings] has one of each.
///
/// Codes: every ternary layout stores `c = trit + 1`, 0 to 2. Codes that a layout can hold but that are no trit are
/// refused by [#decode]. Numbers of more than one byte are little-endian, and nothing needs to be aligned.
public sealed interface Packing
        permits Columns2, HalfScaledBlocks, HuggingFaceU8, I2S, IQ2BNR4, Interleaved2, LookupWords, RowScaledBlocks,
        SignBit {

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

    /// Bytes of a packed `rows × columns` matrix, exact for every shape: no layout comes near the range of a `long`.
    ///
    /// @throws IllegalArgumentException if the shape does not fit the multiples
    long byteSize(int rows, int columns);

    /// Packs `matrix` into the first [#byteSize] bytes of `target`: writes all of those and no other. Allocates nothing
    /// of the matrix's size. Scales that the layout does not hold are left out. After a refusal the bytes may be partly
    /// written.
    ///
    /// @throws IllegalArgumentException if shape, scales (more than the layout can carry) or a weight do not fit, or
    /// if `target` is too small
    void encode(TernaryMatrix matrix, MemorySegment target);

    /// Unpacks the first [#byteSize] bytes of `source`, exactly.
    ///
    /// @param weightScales the scales where the layout does not hold them, else ignored
    /// @throws IllegalArgumentException if the shape does not fit, `source` is too small, a code is no trit, or scales
    /// are not finite, too many or too few
    TernaryMatrix decode(MemorySegment source, int rows, int columns, float[] weightScales);

    /// Bits a weight in a large matrix.
    default double bitsPerWeight() {
        int rows = 64 * rowMultiple();
        int columns = 64 * columnMultiple();
        return 8.0 * byteSize(rows, columns) / rows / columns;
    }

    /// The first [#byteSize] bytes of `memory`: where a packed matrix of this shape lies.
    ///
    /// @throws IllegalArgumentException if the shape does not fit, or naming the layout, the needed and the found bytes
    default MemorySegment packed(MemorySegment memory, int rows, int columns) {
        long needed = byteSize(rows, columns);
        if (memory.byteSize() < needed) {
            throw new IllegalArgumentException("%s: %d × %d needs %d bytes, found %d".formatted(name(), rows, columns,
                    needed, memory.byteSize()));
        }
        return memory.asSlice(0, needed);
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
