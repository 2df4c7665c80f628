package org.ternlm.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.ternlm.format.TensorContent;
import org.ternlm.format.gguf.GgufType;
import org.ternlm.quant.DenseMatrix;
import org.ternlm.quant.Packing;
import org.ternlm.quant.RoundingBlocks;
import org.ternlm.quant.TernaryMatrix;
import org.ternlm.tensor.BFloat16;

/// Makes the bytes of a matrix in a type of GGUF, some rows at a time. Ternary weights go into a ternary type code by
/// code, without floating point.
///
/// @param type to be written
record WeightEncoder(GgufType type) {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    /// Numbers that are in memory at once.
    private static final int CHUNK = 1 << 20;

    /// Gives the numbers of a row.
    interface Rows {
        void read(int row, float[] target, int offset);
    }

    /// @throws IllegalArgumentException if the type cannot hold the matrix or its scales
    void encode(TernaryMatrix matrix, TensorContent.Sink sink) throws IOException {
        Packing packing = GgufLayout.of(type).packing();
        if (packing == null) {
            encode(matrix.rows(), matrix.columns(), rows(matrix), sink);
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(packing.byteSize(matrix.rows(), matrix.columns()));
            packing.encode(matrix, bytes);
            sink.accept(bytes);
        }
    }

    /// What lies in the wanted form already is passed on as it is.
    ///
    /// @throws IllegalArgumentException if the type cannot hold a number
    void encode(DenseMatrix numbers, TensorContent.Sink sink) throws IOException {
        if (GgufLayout.of(type).form().filter(form -> form == numbers.form()).isPresent()) {
            sink.accept(numbers.data());
            return;
        }
        encode(numbers.rows(), numbers.columns(), numbers::decodeRow, sink);
    }

    /// The numbers that ternary weights stand for.
    static Rows rows(TernaryMatrix matrix) {
        int columns = matrix.columns();
        return (row, target, offset) -> {
            float scale = matrix.weightScale(row);
            for (int i = 0; i < columns; i++) {
                target[offset + i] = matrix.trits()[row * columns + i] * scale;
            }
        };
    }

    /// Numbers as F32.
    static MemorySegment floats(float[] numbers) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[Float.BYTES * numbers.length]);
        MemorySegment.copy(numbers, 0, bytes, FLOAT, 0, numbers.length);
        return bytes;
    }

    private void encode(int rows, int columns, Rows numbers, TensorContent.Sink sink) throws IOException {
        int atOnce = Math.clamp(CHUNK / columns, 1, rows);
        float[] chunk = new float[atOnce * columns];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(type.byteSize(atOnce, columns));
            for (int row = 0; row < rows; row += atOnce) {
                int count = Math.min(atOnce, rows - row);
                for (int i = 0; i < count; i++) {
                    numbers.read(row + i, chunk, i * columns);
                }
                MemorySegment part = bytes.asSlice(0, type.byteSize(count, columns));
                encode(chunk, count * columns, part);
                sink.accept(part);
            }
        }
    }

    private void encode(float[] numbers, int count, MemorySegment target) {
        GgufLayout layout = GgufLayout.of(type);
        if (layout.blocks() instanceof RoundingBlocks blocks) {
            blocks.encode(numbers, 0, count, target);
            return;
        }
        switch (layout.plain()) {
            case F32 -> MemorySegment.copy(numbers, 0, target, FLOAT, 0, count);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    target.set(SHORT, 2L * i, half(numbers[i]));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    target.set(SHORT, 2L * i, BFloat16.fromFloat(numbers[i]));
                }
            }
            case null -> throw new IllegalArgumentException(type + " takes no numbers");
            default -> throw new IllegalArgumentException(type + " takes no numbers");
        }
    }

    private static short half(float number) {
        short half = Float.floatToFloat16(number);
        if (Float.isInfinite(Float.float16ToFloat(half))) {
            throw new IllegalArgumentException("%s is too large for F16 (BF16 and F32 hold it)".formatted(number));
        }
        return half;
    }
}
