package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ternlm.tensor.BFloat16;
import org.ternlm.tensor.DType;

/// The forms in which rows of real weights lie in memory, little-endian, row after row and without gaps.
///
/// | form | bits a weight | a weight is |
/// |---|---|---|
/// | `F32`, `F16`, `BF16` | 32, 16, 16 | the number itself |
/// | `I8` | 8, and a float a row | q · scale of the row ([RowAbsMax]) |
/// | `Q8_0` | 8.5 | q · scale of the 32 ([Q8_0]) |
/// | `Q6_K` | 6.5625 | q · scale of the 16 · scale of the 256 ([Q6_K]) |
/// | `Q4_0` | 4.5 | q · scale of the 32 ([Q4_0]) |
///
/// All but `I8` hold their scales among the weights, and their weights are exact in float.
public enum DenseForm {
    F32(1, 4, null), F16(1, 2, null), BF16(1, 2, null), I8(1, 1,
            null), Q8_0(Packings.Q8_0), Q6_K(Packings.Q6_K), Q4_0(Packings.Q4_0);

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int unitWeights;
    private final int unitBytes;
    private final @Nullable FloatBlocks blocks;

    DenseForm(FloatBlocks blocks) {
        this(blocks.blockWeights(), blocks.blockBytes(), blocks);
    }

    DenseForm(int unitWeights, int unitBytes, @Nullable FloatBlocks blocks) {
        this.unitWeights = unitWeights;
        this.unitBytes = unitBytes;
        this.blocks = blocks;
    }

    /// The form of plain numbers of that type, empty for types that are none.
    public static Optional<DenseForm> of(DType type) {
        return switch (type) {
            case F32 -> Optional.of(F32);
            case F16 -> Optional.of(F16);
            case BF16 -> Optional.of(BF16);
            case F64, I64, I32, I16, I8, U8, BOOL -> Optional.empty();
        };
    }

    /// The form with these blocks, empty where kernels have none.
    public static Optional<DenseForm> of(FloatBlocks blocks) {
        for (DenseForm form : values()) {
            if (form.blocks == blocks) {
                return Optional.of(form);
            }
        }
        return Optional.empty();
    }

    /// Rows are cut into units of equally many weights in equally many bytes: 1 for plain numbers.
    public int unitWeights() {
        return unitWeights;
    }

    /// Bytes of a unit.
    public int unitBytes() {
        return unitBytes;
    }

    /// Whether a row has a scale that does not lie among its weights.
    public boolean hasRowScales() {
        return this == I8;
    }

    /// Where in a unit its scale of half precision lies, -1 where it has none.
    int scaleOffset() {
        return switch (this) {
            case F32, F16, BF16, I8 -> -1;
            case Q8_0, Q4_0 -> 0;
            case Q6_K -> org.ternlm.quant.Q6_K.SCALE;
        };
    }

    /// Bytes of so many weights of a row.
    ///
    /// @throws IllegalArgumentException if they are no whole number of units
    public long bytes(long weights) {
        if (weights % unitWeights != 0) {
            throw new IllegalArgumentException("%s: expected a multiple of %d columns, found %d".formatted(this,
                    unitWeights, weights));
        }
        return weights / unitWeights * unitBytes;
    }

    /// Decodes the `count` weights that begin with `source`, without the scale of their row where they have one.
    ///
    /// @throws IllegalArgumentException if they are no whole number of units
    /// @throws IndexOutOfBoundsException if `source` or `target` is too small
    public void decode(MemorySegment source, float[] target, int offset, int count) {
        MemorySegment units = source.asSlice(0, bytes(count));
        switch (this) {
            case F32 -> MemorySegment.copy(units, FLOAT, 0, target, offset, count);
            case F16 -> {
                short[] halves = halves(units, count);
                for (int i = 0; i < count; i++) {
                    target[offset + i] = Float.float16ToFloat(halves[i]);
                }
            }
            case BF16 -> {
                short[] halves = halves(units, count);
                for (int i = 0; i < count; i++) {
                    target[offset + i] = BFloat16.toFloat(halves[i]);
                }
            }
            case I8 -> {
                for (int i = 0; i < count; i++) {
                    target[offset + i] = units.get(ValueLayout.JAVA_BYTE, i);
                }
            }
            case Q8_0, Q6_K, Q4_0 -> decodeBlocks(units, target, offset);
        }
    }

    /// As an array: C2 makes vectors of loops over those, but not of such over memory of several kinds.
    private static short[] halves(MemorySegment units, int count) {
        short[] halves = new short[count];
        MemorySegment.copy(units, FloatBlocks.HALF, 0, halves, 0, count);
        return halves;
    }

    private void decodeBlocks(MemorySegment units, float[] target, int offset) {
        if (blocks != null) {
            for (int i = 0; i < units.byteSize() / unitBytes; i++) {
                blocks.decodeBlock(units.asSlice((long) i * unitBytes, unitBytes), target, offset + i * unitWeights);
            }
        }
    }

    /// Rounds one row of weights to the [#bytes] that begin with `target`.
    ///
    /// @return the scale of the row, 1 in forms that need none
    /// @throws IllegalArgumentException if a weight is not finite or too large for the form, if they are no whole number
    /// of units, or if the form is `Q6_K`, which Tern only reads
    /// @throws IndexOutOfBoundsException if `weights` or `target` is too small
    public float encode(float[] weights, int offset, int columns, MemorySegment target) {
        MemorySegment units = target.asSlice(0, bytes(columns));
        switch (this) {
            case F32, F16, BF16 -> encodePlain(weights, offset, columns, units);
            case I8 -> {
                byte[] q = new byte[columns];
                float scale = RowAbsMax.quantize(weights, offset, columns, q, 0);
                MemorySegment.copy(q, 0, units, ValueLayout.JAVA_BYTE, 0, columns);
                return scale;
            }
            case Q8_0, Q6_K, Q4_0 -> {
                if (!(blocks instanceof RoundingBlocks rounding)) {
                    throw new IllegalArgumentException("%s is read only".formatted(this));
                }
                rounding.encode(weights, offset, columns, units);
            }
        }
        return 1;
    }

    private void encodePlain(float[] weights, int offset, int columns, MemorySegment units) {
        for (int i = 0; i < columns; i++) {
            float weight = weights[offset + i];
            short half = this == F16 ? Float.floatToFloat16(weight) : BFloat16.fromFloat(weight);
            float stored = switch (this) {
                case F16 -> Float.float16ToFloat(half);
                case BF16 -> BFloat16.toFloat(half);
                default -> weight;
            };
            if (!Float.isFinite(stored)) {
                throw new IllegalArgumentException("%s: expected finite numbers within its range, found %s".formatted(
                        this, weight));
            }
            if (this == F32) {
                units.set(FLOAT, 4L * i, weight);
            } else {
                units.set(FloatBlocks.HALF, 2L * i, half);
            }
        }
    }
}
